import type { ApprovalAnswer } from '@mosaic/proto';
import {
  findGap,
  MosaicError,
  makeId,
  type ServerFrame,
  toMosaicError,
} from '@mosaic/proto/client';
import { GatewaySocket } from '../connection/gateway-socket.ts';
import {
  type ConversationChange,
  makeRestClient,
  type RestClient,
} from '../connection/rest-client.ts';
import type { ChatState } from '../state/chat-state.ts';
import {
  addNotice,
  addPending,
  dropPending,
  initialState,
  openConversation,
  reduceFrame,
  setConnection,
} from '../state/reduce.ts';
import { isBeyond, runningTurn } from '../state/running-turn.ts';
import type { ChatSessionOptions } from './chat-session-options.ts';
import { chooseFirstConversation } from './first-conversation.ts';
import { waitUntil } from './wait-until.ts';

export interface MessageDraft {
  readonly text: string;
  readonly model?: string;
  readonly agent?: string;
  /** Joins the running turn instead of waiting behind it. */
  readonly mode?: 'steer';
}

const tooLarge = 'Not sent: the message is too large for the server.';
/** A command waits this long for the connection. */
const patienceMs = 5_000;
const farewellMs = 2_000;

/**
 * One conversation over one connection: keeps the state, resumes after a loss from the last event
 * seen, sends again what was not accepted, and asks for missing events when there is a gap.
 */
export class ChatSession {
  readonly rest: RestClient;
  readonly #options: ChatSessionOptions;
  readonly #socket: GatewaySocket;
  #state: ChatState = initialState(makeId());
  /** Null until it is decided which conversation to open; messages wait until then. */
  #hasConversation = false;
  #askedAfter = -1;
  #storing: Promise<void> | null = null;
  #isChoosing = false;
  /** Changes under way that messages wait for. */
  #changes = 0;
  /** Sent on this connection and not accepted yet; sent again on the next one. */
  readonly #sent = new Set<string>();

  constructor(options: ChatSessionOptions) {
    this.#options = options;
    this.rest = makeRestClient(options);
    this.#socket = new GatewaySocket({
      url: options.url,
      readToken: options.readToken,
      client: options.client,
      onFrame: (frame) => this.#receive(frame),
      onTooLarge: () => this.#update(dropPending(this.#state, this.#sent, tooLarge)),
      onConnection: (connection) => this.#update(setConnection(this.#state, connection)),
    });
  }

  get state(): ChatState {
    return this.#state;
  }

  start(): void {
    this.#socket.start();
  }

  stop(): void {
    this.#socket.stop();
  }

  /** Queues a message; it is sent now or as soon as there is a connection. Returns its id. */
  send(draft: MessageDraft): string {
    const messageId = makeId();
    this.#update(addPending(this.#state, { messageId, ...draft }));
    void this.#flush();
    return messageId;
  }

  /** Resolves when the server has everything that was sent, or after two seconds. */
  async settle(): Promise<void> {
    await waitUntil(
      () => !this.#state.pending.some(({ status }) => status === 'sending'),
      farewellMs,
    );
  }

  /** Asks to stop the running turn. False when nothing runs. */
  cancel(): boolean {
    const turn = runningTurn(this.#state);
    if (turn.phase === 'idle') return false;
    const conversationId = this.#state.conversation.id;
    const run = turn.phase === 'answering' ? { run: turn.answer.id } : {};
    return this.#socket.send({ type: 'cancel', conversationId, ...run });
  }

  /** Answers a tool call that waits; what counts comes back as an event. False without a connection. */
  answerApproval(callId: string, answer: ApprovalAnswer): boolean {
    const conversationId = this.#state.conversation.id;
    return this.#socket.send({ type: 'answer-approval', conversationId, callId, answer });
  }

  /** Turns to a conversation that the server has. */
  open(id: string): void {
    this.#leave();
    this.#enter({ id, isStored: true });
    this.#subscribe();
  }

  /** Turns to a new conversation; the server hears of it with the first message. */
  startNew(): void {
    this.#leave();
    this.#enter({ id: makeId(), isStored: false });
  }

  /** Changes model (null: automatic), agent, title, effort. Throws a `MosaicError`. */
  async change(change: ConversationChange): Promise<void> {
    await this.#connected();
    await this.#store();
    await this.rest.updateConversation(this.#state.conversation.id, change);
  }

  /** Runs a change that messages written meanwhile must come after, and sends them then. */
  async holdMessages(change: () => Promise<void> | void): Promise<void> {
    this.#changes += 1;
    try {
      await change();
    } finally {
      this.#changes -= 1;
      void this.#flush();
    }
  }

  notify(notice: string): void {
    this.#update(addNotice(this.#state, notice));
  }

  /** Resolves when there is a connection and a conversation. Throws `service_unavailable`. */
  async #connected(): Promise<void> {
    const isReady = () => this.#hasConversation && this.#socket.isOnline;
    if (await waitUntil(isReady, patienceMs)) return;
    throw new MosaicError('service_unavailable', 'Not connected; try again when it is.');
  }

  #update(state: ChatState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onChange(state);
  }

  #receive(frame: ServerFrame): void {
    if (this.#recoversFrom(frame)) return;
    if (frame.type === 'event' && frame.event.conversationId === this.#state.conversation.id) {
      const after = findGap(this.#state.conversation, frame.event);
      if (after !== null) {
        this.#askForMissing(after);
        return;
      }
    }
    this.#options.onFrame?.(frame);
    if (frame.type === 'delta' && isBeyond(this.#state, frame.delta)) {
      this.#askForMissing(this.#state.conversation.seq);
    }
    this.#update(reduceFrame(this.#state, frame));
    if (frame.type === 'welcome') void this.#resume();
    if (frame.type === 'live') void this.#flush();
    if (frame.type === 'event' && frame.event.type === 'conversation.deleted') {
      this.notify('This conversation was deleted.');
      this.startNew();
    }
  }

  /** A conversation that is gone (deleted, or of another server) makes room for a new one. */
  #recoversFrom(frame: ServerFrame): boolean {
    if (frame.type !== 'error' || frame.error.code !== 'not_found') return false;
    if (frame.about !== this.#state.conversation.id || this.#state.isLive) return false;
    const { startWith } = this.#options;
    if (startWith.kind === 'named' && startWith.ifGone === 'fail') {
      this.#update(addNotice({ ...this.#state, pending: [] }, frame.error.message));
      return true;
    }
    this.notify('The conversation is no longer there; this is a new one.');
    this.#enter({ id: makeId(), isStored: false, keepPending: true });
    void this.#flush();
    return true;
  }

  async #resume(): Promise<void> {
    this.#askedAfter = -1;
    this.#sent.clear();
    if (!this.#hasConversation && !this.#isChoosing) {
      this.#isChoosing = true;
      const id = await this.#chooseFirst();
      this.#isChoosing = false;
      if (!this.#hasConversation) {
        this.#enter({ id: id ?? makeId(), isStored: id !== undefined, keepPending: true });
      }
    }
    this.#subscribe();
    await this.#flush();
  }

  async #chooseFirst(): Promise<string | undefined> {
    try {
      return await chooseFirstConversation(this.#options.startWith, {
        remembered: this.#options.remembered,
        rest: this.rest,
      });
    } catch (thrown) {
      this.notify(`The last conversation could not be found: ${toMosaicError(thrown).message}`);
      return undefined;
    }
  }

  #leave(): void {
    const { conversation, isStored } = this.#state;
    if (isStored) this.#socket.send({ type: 'unsubscribe', conversationId: conversation.id });
  }

  #enter(target: { id: string; isStored: boolean; keepPending?: boolean }): void {
    this.#hasConversation = true;
    this.#storing = null;
    this.#askedAfter = -1;
    this.#update(openConversation(this.#state, target));
    if (target.isStored) this.#options.remembered.write(target.id);
  }

  #subscribe(): void {
    const { conversation, isStored } = this.#state;
    if (!isStored || !this.#hasConversation) return;
    const { id: conversationId, seq: after } = conversation;
    this.#socket.send({ type: 'subscribe', conversationId, after });
  }

  #askForMissing(after: number): void {
    if (this.#askedAfter === after) return;
    this.#askedAfter = after;
    this.#subscribe();
  }

  /** Opens the conversation at the server, once, and listens to it. */
  #store(): Promise<void> {
    if (this.#state.isStored) return Promise.resolve();
    this.#storing ??= this.#createConversation(this.#state.conversation.id).catch((thrown) => {
      this.#storing = null;
      throw thrown;
    });
    return this.#storing;
  }

  async #createConversation(id: string): Promise<void> {
    await this.rest.createConversation({ id });
    if (this.#state.conversation.id !== id) return;
    this.#update({ ...this.#state, isStored: true });
    this.#options.remembered.write(id);
    this.#subscribe();
  }

  /** Sends what was not accepted yet, in order; the same id twice does nothing at the server. */
  async #flush(): Promise<void> {
    const { pending, isStored, isLive } = this.#state;
    if (!this.#hasConversation || !this.#socket.isOnline || pending.length === 0) return;
    // A conversation from an earlier time may be gone; `live` proves that it is there.
    if ((isStored && !isLive) || this.#changes > 0) return;
    try {
      await this.#store();
    } catch (thrown) {
      const error = toMosaicError(thrown);
      this.notify(`The conversation could not be opened: ${error.message}`);
      if (error.isRetryable) setTimeout(() => void this.#flush(), 2_000).unref();
      return;
    }
    const conversationId = this.#state.conversation.id;
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    for (const { status, ...message } of this.#state.pending) {
      if (status === 'accepted' || this.#sent.has(message.messageId)) continue;
      const isSent = this.#socket.send({ type: 'send', conversationId, ...message, timeZone });
      if (isSent) this.#sent.add(message.messageId);
    }
  }
}
