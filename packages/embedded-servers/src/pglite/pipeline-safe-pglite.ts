import { PGlite } from '@electric-sql/pglite';

type StreamOptions = Parameters<PGlite['execProtocolRawStream']>[1];

// Frontend messages that belong to an extended query until Sync ('S') closes it:
// Parse, Bind, Describe, Execute, Close, Flush.
const PIPELINE_TYPES = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)));

/**
 * PGlite whose socket server keeps an extended query together.
 *
 * The socket server queues single protocol messages of all clients before one session, and lets
 * a client go on undisturbed only inside a transaction block. A statement that arrives in one
 * piece is safe all the same; one longer than a TCP read (a batch of vectors, a long text) is
 * not: another client's Parse comes between its Parse and its Bind and replaces the unnamed
 * statement. Answering "in a transaction" until Sync makes the queue treat both alike.
 */
export class PipelineSafePglite extends PGlite {
  #pipelineOpen = false;
  /** When a client's message was last worked on, as `Date.now()`. */
  lastWorkAt = 0;

  override isInTransaction(): boolean {
    return this.#pipelineOpen || super.isInTransaction();
  }

  override async execProtocolRawStream(message: Uint8Array, options: StreamOptions): Promise<void> {
    this.#pipelineOpen = PIPELINE_TYPES.has(message[0] ?? 0);
    await super.execProtocolRawStream(message, options);
    this.lastWorkAt = Date.now();
  }
}
