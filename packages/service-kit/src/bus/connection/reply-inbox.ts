import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';

export interface OpenReply {
  /** Where the other side answers to. */
  readonly subject: string;
  close(): void;
}

/**
 * One subscription for all answers to this process: calls and streams then cost the server no
 * subscription of their own, and an answer can be told apart by the last token of its subject.
 */
export class ReplyInbox {
  readonly #prefix: string;
  readonly #open = new Map<string, (message: Msg) => void>();
  #count = 0;

  constructor(connection: NatsConnection, inboxPrefix: string) {
    this.#prefix = `${createInbox(inboxPrefix)}.`;
    connection.subscribe(`${this.#prefix}*`, {
      callback: (error, message) => {
        if (error !== null) return;
        this.#open.get(message.subject.slice(this.#prefix.length))?.(message);
      },
    });
  }

  /** Hands every answer to `listener` until closed. */
  open(listener: (message: Msg) => void): OpenReply {
    this.#count += 1;
    const token = this.#count.toString(36);
    this.#open.set(token, listener);
    return { subject: this.#prefix + token, close: () => this.#open.delete(token) };
  }
}

/** The server's answer for a subject that nobody hears. */
export function isNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}
