import { Worker } from 'node:worker_threads';
import { MosaicError } from '@mosaic/proto';
import type { ReadableText } from './readable-text.ts';

const workerFile = new URL('./readable-text-worker.ts', import.meta.url);
/** A page of the limit's size takes a tenth of this. */
const maxHeapMb = 512;

/**
 * Reads a page in a thread of its own: a page can be written so that reading it takes minutes or all
 * memory, and other people's turns run in this process. Throws `bad_request` and the signal's reason.
 */
export async function readHtml(
  html: string,
  address: string,
  signal: AbortSignal,
): Promise<ReadableText> {
  signal.throwIfAborted();
  const resourceLimits = { maxOldGenerationSizeMb: maxHeapMb, stackSizeMb: 8 };
  const worker = new Worker(workerFile, { workerData: { html, address }, resourceLimits });
  const { promise, resolve, reject } = Promise.withResolvers<ReadableText>();
  const stop = () => reject(signal.reason);
  const unreadable = (cause?: unknown) =>
    reject(new MosaicError('bad_request', 'This page can not be read.', { cause }));
  worker.once('message', resolve);
  worker.once('error', unreadable);
  worker.once('exit', () => unreadable());
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
