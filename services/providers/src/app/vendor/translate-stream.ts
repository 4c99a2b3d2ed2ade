import { faultFromThrown } from './vendor-fault.ts';
import type { Translation, VendorPart } from './vendor-port.ts';

/**
 * Runs a vendor's events through its translation, up to the last part. Throws what the events throw,
 * unless the model had finished: a connection that breaks after that takes nothing away. What the
 * vendor itself sends after the finish, an error or something unreadable, still counts.
 */
export async function* translateStream<VendorEvent>(
  events: AsyncIterable<VendorEvent>,
  translation: Translation<VendorEvent>,
): AsyncGenerator<VendorPart> {
  let isStopping = false;
  try {
    for await (const event of events) {
      const parts = translation.next(event);
      if (parts?.length === 0) yield { type: 'progress' };
      for (const part of parts ?? []) {
        yield part;
        if (part.type === 'failed') return;
      }
      if (translation.hasFinish && !isStopping) {
        isStopping = true;
        yield { type: 'stopping' };
      }
    }
  } catch (thrown) {
    if (!translation.hasFinish || !isLostConnection(thrown)) throw thrown;
  }
  yield* translation.end();
}

const connectionFaults: ReadonlySet<string> = new Set([
  'provider_cut',
  'provider_timeout',
  'provider_unreachable',
]);

function isLostConnection(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  // Both SDKs keep the error object that the vendor sent beside the error that they throw for it.
  if ('error' in thrown && thrown.error !== undefined) return false;
  return thrown.name === 'AbortError' || connectionFaults.has(faultFromThrown(thrown).code);
}
