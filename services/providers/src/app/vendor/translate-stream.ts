import type { Translation, VendorPart } from './vendor-port.ts';

/** Runs a vendor's events through its translation; ends after the first last part. */
export async function* translateStream<VendorEvent>(
  events: AsyncIterable<VendorEvent>,
  translation: Translation<VendorEvent>,
): AsyncGenerator<VendorPart> {
  for await (const event of events) {
    const parts = translation.next(event);
    if (parts.length === 0) yield { type: 'progress' };
    for (const part of parts) {
      yield part;
      if (part.type === 'failed') return;
    }
  }
  yield* translation.end();
}
