import { makeId, type ServerFrame } from '@mosaic/proto';
import { createConversation } from '../rest/conversations.ts';
import { readAccessToken } from '../session/access-token.ts';
import { GatewaySocket } from './gateway-socket.ts';
import { loadOutbox, type OutboxEntry, saveOutbox } from './outbox.ts';
import {
  emptyTransport,
  findMissing,
  foldInput,
  type TransportInput,
  type TransportState,
} from './transport-state.ts';

/** One screen refresh: news that arrive within it are painted together. */
const paintEveryMs = 16;
/** An accepted message is acknowledged in milliseconds; after this it is shown as failed. */
const acknowledgeWithinMs = 20_000;
/** Close code of RFC 6455 for a frame that is larger than the server takes. */
const tooBig = 1_009;

export interface ChatClientOptions {
  readonly url: string;
  /** Called when the gateway does not accept who we are; `reopen` tries again. */
  readonly onRefused: () => void;
}

export interface NewMessage {
  /** Null opens a conversation for it. */
  readonly conversationId: string | null;
  readonly text: string;
  /** Chosen for a conversation that does not exist yet; null leaves it to the router. */
  readonly model: string | null;
  readonly agent: string | null;
  /** For this one message, in a conversation that is there. */
  readonly onceModel?: string | undefined;
}

/** The page's one connection and what is known through it; React reads it as an external store. */
export class ChatClient {
  #state: TransportState;
  #shownId: string | null = null;
  #isStopped = false;
  /** The gap already asked for: every event behind it shows the same one. */
  #askedFor: string | null = null;
  #paint: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #socket: GatewaySocket;
  readonly #onRefused: () => void;

  constructor({ url, onRefused }: ChatClientOptions) {
    this.#onRefused = onRefused;
    this.#state = emptyTransport(loadOutbox(sessionStorage));
    this.#socket = new GatewaySocket({
      url,
      readToken: readAccessToken,
      onFrame: (frame) => this.#hear(frame),
      onLost: (code) => this.#lose(code),
    });
  }

  readonly getState = (): TransportState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Connects; the returned function ends the connection for good. */
  start(): () => void {
    const wake = (): void => {
      if (document.visibilityState === 'visible') this.#socket.wake();
    };
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('online', wake);
    window.addEventListener('pageshow', wake);
    this.#isStopped = false;
    this.reopen();
    return () => {
      this.#isStopped = true;
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('online', wake);
      window.removeEventListener('pageshow', wake);
      this.#socket.close();
    };
  }

  /** Connects again after a refusal. */
  reopen(): void {
    if (this.#isStopped) return;
    this.#fold({ type: 'link', link: 'connecting' });
    this.#socket.open();
  }

  /** Shows one conversation: replays what is missing and follows it; null follows none. */
  show(conversationId: string | null): void {
    if (this.#shownId === conversationId) return;
    if (this.#shownId !== null) {
      this.#socket.send({ type: 'unsubscribe', conversationId: this.#shownId });
    }
    this.#shownId = conversationId;
    if (conversationId === null) return;
    this.#fold({ type: 'opened', conversationId, isNew: false });
    this.#follow(conversationId);
  }

  /** Queues a message and sends it as soon as there is a connection. Returns its conversation. */
  send({ conversationId, text, model, agent, onceModel }: NewMessage): string {
    const id = conversationId ?? makeId();
    const entry: OutboxEntry = {
      conversationId: id,
      messageId: makeId(),
      text,
      model: onceModel ?? null,
      opens: conversationId === null ? { model, agent } : null,
      state: 'sending',
      problem: null,
    };
    if (entry.opens !== null) this.#fold({ type: 'opened', conversationId: id, isNew: true });
    this.#fold({ type: 'queued', entry });
    void this.#dispatch(entry);
    return id;
  }

  /** Sends a failed message again under its own id, so that it can't arrive twice. */
  retry(entry: OutboxEntry): void {
    const { messageId } = entry;
    this.#fold({ type: 'outbox-changed', messageId, change: { state: 'sending', problem: null } });
    void this.#dispatch(entry);
  }

  /** Stops a run, or whatever runs in the conversation when it has no run yet. */
  cancel(conversationId: string, run: string | null): void {
    this.#socket.send({ type: 'cancel', conversationId, ...(run === null ? {} : { run }) });
  }

  async #dispatch(entry: OutboxEntry): Promise<void> {
    const { conversationId, messageId, text, opens } = entry;
    if (this.#state.link !== 'open') return;
    if (opens !== null) {
      const { model, agent } = opens;
      const chosen = { ...(model === null ? {} : { model }), ...(agent === null ? {} : { agent }) };
      try {
        await createConversation({ id: conversationId, ...chosen });
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        const change = { state: 'failed', problem } as const;
        this.#fold({ type: 'outbox-changed', messageId, change });
        return;
      }
      this.#fold({ type: 'outbox-changed', messageId, change: { opens: null } });
      if (this.#shownId === conversationId) this.#follow(conversationId);
    }
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const once = entry.model === null ? {} : { model: entry.model };
    this.#socket.send({ type: 'send', conversationId, messageId, text, timeZone, ...once });
    setTimeout(() => this.#giveUp(messageId), acknowledgeWithinMs);
  }

  #giveUp(messageId: string): void {
    const entry = this.#state.outbox.find((one) => one.messageId === messageId);
    if (entry?.state !== 'sending' || this.#state.link !== 'open') return;
    const change = { state: 'failed', problem: 'Mosaic did not confirm it.' } as const;
    this.#fold({ type: 'outbox-changed', messageId, change });
  }

  /** A conversation that is still to be opened is followed after that. */
  #follow(conversationId: string): void {
    const isUnopened = this.#state.outbox.some(
      (entry) => entry.conversationId === conversationId && entry.opens !== null,
    );
    if (isUnopened || this.#state.link !== 'open') return;
    const after = this.#state.conversations[conversationId]?.view.seq ?? 0;
    this.#socket.send({ type: 'subscribe', conversationId, after });
  }

  #hear(frame: ServerFrame): void {
    const missing = findMissing(this.#state, frame);
    if (missing !== null) {
      const gap = `${missing.conversationId} ${missing.after}`;
      if (gap !== this.#askedFor) this.#socket.send({ type: 'subscribe', ...missing });
      this.#askedFor = gap;
      return;
    }
    if (frame.type === 'welcome') this.#askedFor = null;
    this.#fold({ type: 'frame', frame });
    if (this.#state.link === 'refused') {
      this.#socket.close();
      this.#onRefused();
    }
    if (frame.type !== 'welcome') return;
    if (this.#shownId !== null) this.#follow(this.#shownId);
    for (const entry of this.#state.outbox) {
      if (entry.state === 'sending') void this.#dispatch(entry);
    }
  }

  #lose(code: number): void {
    if (this.#isStopped || this.#state.link === 'refused') return;
    this.#fold({ type: 'link', link: 'lost' });
    if (code !== tooBig) return;
    // Sent again it would end the next connection too.
    for (const { messageId, state } of this.#state.outbox) {
      const change = { state: 'failed', problem: 'It is too large to be sent.' } as const;
      if (state === 'sending') this.#fold({ type: 'outbox-changed', messageId, change });
    }
  }

  #fold(input: TransportInput): void {
    const before = this.#state;
    this.#state = foldInput(before, input);
    if (this.#state === before) return;
    const { outbox, owner } = this.#state;
    if (outbox !== before.outbox) saveOutbox(sessionStorage, { owner, entries: outbox });
    this.#paint ??= setTimeout(() => {
      this.#paint = undefined;
      for (const listener of this.#listeners) listener();
    }, paintEveryMs);
  }
}
