import {
  answerText,
  type ClientFrame,
  type ConversationEvent,
  type ConversationView,
  emptyView,
  findGap,
  foldDelta,
  foldEvent,
  makeId,
  type ServerFrame,
  serverFrameSchema,
} from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { WebSocket } from 'ws';
import type { Person } from '../person.ts';

const againMs = 100;

type Wish = { readonly mode?: 'steer'; readonly model?: string };

/**
 * A client as clients are: it sends again what was not accepted, under the same id, and comes back
 * after each loss of its socket with the last number it saw.
 */
export interface Witness {
  readonly conversationId: string;
  /** Ids of what was sent, in order. */
  readonly sent: readonly string[];
  /** The events as they came, each once. */
  readonly events: readonly ConversationEvent[];
  readonly view: ConversationView;
  /** What was shown and was wrong at that moment: a gap, a doubled or a changed character. */
  readonly faults: readonly string[];
  readonly accepted: ReadonlySet<string>;
  readonly reconnects: number;
  /** Sends a message; it counts as sent from here on, and resolves when it was accepted. */
  send(text: string, more?: Wish): Promise<string>;
  /** Resolves when the view shows what `fits`. */
  until(fits: (view: ConversationView) => boolean, what: string): Promise<void>;
  /** Cuts the socket as a broken network does; false when there is none. */
  cut(): boolean;
  /** Stops and goes on reading what comes. */
  pause(): void;
  resume(): void;
  close(): void;
}

export async function watchNew(url: string, person: Person): Promise<Witness> {
  const witness = new Watching(url, person.token, await person.open());
  witness.connect();
  await waitFor(() => witness.isLive, { what: 'the socket' });
  return witness;
}

class Watching implements Witness {
  readonly conversationId: string;
  readonly sent: string[] = [];
  readonly events: ConversationEvent[] = [];
  readonly faults: string[] = [];
  readonly accepted = new Set<string>();
  view: ConversationView;
  isLive = false;
  reconnects = -1;
  readonly #url: string;
  readonly #token: string;
  readonly #outbox = new Map<string, ClientFrame>();
  #socket: WebSocket | undefined;
  #isClosed = false;

  constructor(url: string, token: string, conversationId: string) {
    this.#url = `${url.replace('http', 'ws')}/ws`;
    this.#token = token;
    this.conversationId = conversationId;
    this.view = emptyView(conversationId);
  }

  connect(): void {
    if (this.#isClosed) return;
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.isLive = false;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket === socket) setTimeout(() => this.connect(), againMs);
    });
    socket.on('open', () => {
      this.reconnects += 1;
      this.#say({ type: 'hello', protocol: 1, client: 'witness/1', token: this.#token });
      const { conversationId } = this;
      this.#say({ type: 'subscribe', conversationId, after: this.view.seq });
      for (const frame of this.#outbox.values()) this.#say(frame);
    });
    socket.on('message', (data) => {
      if (this.#socket === socket) this.#hear(serverFrameSchema.parse(JSON.parse(String(data))));
    });
  }

  async send(text: string, more: Wish = {}): Promise<string> {
    const messageId = makeId();
    const { conversationId } = this;
    const frame: ClientFrame = { type: 'send', conversationId, messageId, text, ...more };
    this.sent.push(messageId);
    this.#outbox.set(messageId, frame);
    this.#say(frame);
    await waitFor(() => this.accepted.has(messageId), { what: 'accepted' });
    return messageId;
  }

  async until(fits: (view: ConversationView) => boolean, what: string): Promise<void> {
    await waitFor(() => fits(this.view), { timeoutMs: 60_000, what });
  }

  cut(): boolean {
    const isThere = this.#socket?.readyState === WebSocket.OPEN;
    this.#socket?.terminate();
    return isThere;
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.terminate();
  }

  #say(frame: ClientFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #hear(frame: ServerFrame): void {
    switch (frame.type) {
      case 'live':
        this.isLive = true;
        return;
      case 'accepted':
        this.accepted.add(frame.messageId);
        this.#outbox.delete(frame.messageId);
        return;
      case 'error':
        this.#sendAgain(frame);
        return;
      case 'event':
        this.#take(frame.event);
        return;
      case 'delta': {
        const before = shownOf(this.view, frame.delta.run);
        this.view = foldDelta(this.view, frame.delta);
        const now = shownOf(this.view, frame.delta.run);
        if (!now.startsWith(before)) this.faults.push(`shown text changed: ${before} → ${now}`);
        return;
      }
      default:
    }
  }

  /** What a service was away for is said again; everything else is told to the test. */
  #sendAgain({ about, error }: Extract<ServerFrame, { type: 'error' }>): void {
    const frame = this.#outbox.get(about ?? '');
    if (frame !== undefined) setTimeout(() => this.#say(frame), againMs);
    else if (about === this.conversationId) this.cut();
    else this.faults.push(`${error.code}: ${error.message}`);
  }

  #take(event: ConversationEvent): void {
    if (findGap(this.view, event) !== null) {
      this.faults.push(`event ${event.seq} came behind ${this.view.seq}`);
    }
    if (event.seq <= this.view.seq) return;
    const isEnd = event.type === 'turn.completed';
    const shown = isEnd ? shownOf(this.view, event.run) : '';
    this.view = foldEvent(this.view, event);
    this.events.push(event);
    if (isEnd && !shownOf(this.view, event.run).startsWith(shown)) {
      this.faults.push(`the end changed what was shown: ${shown.slice(-80)}`);
    }
  }
}

function shownOf(view: ConversationView, run: string): string {
  const answer = view.messages.find((message) => message.id === run);
  return answer?.role === 'assistant' ? answerText(answer) : '';
}
