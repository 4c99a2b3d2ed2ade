import type { Translation, VendorPart } from './vendor-port.ts';

/**
 * Runs a vendor's events through its translation, up to the last part. Throws what the events throw,
 * unless the model had finished: a connection that breaks after that takes nothing away.
 */
export async function* translateStream<VendorEvent>(
  events: AsyncIterable<VendorEvent>,
  translation: Translation<VendorEvent>,
): AsyncGenerator<VendorPart> {
  let isStopping = false;
  try {
    for await (const event of events) {
      const parts = translation.next(event);
      if (parts.length === 0) yield { type: 'progress' };
      for (const part of parts) {
        yield part;
        if (part.type === 'failed') return;
      }
      if (translation.hasFinish && !isStopping) {
        isStopping = true;
        yield { type: 'stopping' };
      }
    }
  } catch (thrown) {
    if (!translation.hasFinish) throw thrown;
  }
  yield* translation.end();
}
