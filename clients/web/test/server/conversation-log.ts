import {
  type ApprovalAnswer,
  type ConversationEvent,
  emptyView,
  foldEvent,
  makeId,
  type ServerFrame,
} from '@mosaic/proto';
import { type AskingTurn, startAskingTurn } from './asking-turn.ts';
import { type RunningTurn, startTurn, type TurnLog } from './paced-turns.ts';

export type Hear = (frame: ServerFrame) => void;

/** One conversation of the test server: a log with gapless numbers, and the turn that runs. */
export class ConversationLog {
  readonly id: string;
  readonly events: ConversationEvent[] = [];
  readonly listeners = new Set<Hear>();
  #running: RunningTurn | null = null;
  #asking: AskingTurn | null = null;

  constructor(id: string) {
    this.id = id;
  }

  readonly log: TurnLog = {
    append: (body) => {
      const at = new Date().toISOString();
      const event = { conversationId: this.id, seq: this.events.length + 1, at, ...body };
      this.events.push(event as ConversationEvent);
      this.#tell({ type: 'event', event: event as ConversationEvent });
    },
    tell: (delta) => this.#tell({ type: 'delta', delta: { conversationId: this.id, ...delta } }),
  };

  get view() {
    return this.events.reduce(foldEvent, emptyView(this.id));
  }

  /** Replays what is missing, then the text so far of a running turn, then says `live`. */
  follow(hear: Hear, after: number): void {
    for (const event of this.events.slice(after)) hear({ type: 'event', event });
    const running = this.#running;
    if (running !== null && running.textSoFar() !== '') {
      const delta = { run: running.run, step: 0, kind: 'text', offset: 0 } as const;
      hear({
        type: 'delta',
        delta: { conversationId: this.id, ...delta, text: running.textSoFar() },
      });
    }
    hear({ type: 'live', conversationId: this.id, head: this.events.length });
    this.listeners.add(hear);
  }

  /** Adds a message once, however often it is sent, and answers it. */
  add(messageId: string, text: string): void {
    const isKnown = this.events.some(
      (event) => event.type === 'message.added' && event.messageId === messageId,
    );
    if (isKnown) return;
    this.log.append({ type: 'message.added', messageId, text });
    if (text.includes('ask first')) {
      this.#asking = startAskingTurn(this.log, messageId);
      return;
    }
    this.#running = startTurn(this.log, messageId, {
      lines: Number(/(\d+) lines/.exec(text)?.[1] ?? 4),
      everyMs: 20,
      pinned: this.view.model,
      isFailing: text.includes('fail'),
      ...(text.includes('slowly') ? { holdAfter: 30 } : {}),
      onEnd: () => {
        this.#running = null;
      },
    });
  }

  /** A question and its finished answer, at once. */
  appendAnswered(index: number): void {
    const messageId = makeId();
    this.log.append({ type: 'message.added', messageId, text: `question ${index}` });
    const turn = startTurn(this.log, messageId, {
      lines: 20,
      everyMs: null,
      pinned: null,
      isFailing: false,
      onEnd: () => undefined,
    });
    turn.finish();
  }

  /** Answers the call that waits; false when none of this id does. */
  answerApproval(callId: string, answer: ApprovalAnswer): boolean {
    const isAnswered = this.#asking?.answer(callId, answer) ?? false;
    if (isAnswered) this.#asking = null;
    return isAnswered;
  }

  /** Lets a turn that was asked for slowly write to its end. */
  goOn(): void {
    this.#running?.goOn();
  }

  cancel(run: string | undefined): void {
    if (run === undefined || run === this.#running?.run) this.#running?.stop();
  }

  #tell(frame: ServerFrame): void {
    for (const hear of this.listeners) hear(frame);
  }
}
