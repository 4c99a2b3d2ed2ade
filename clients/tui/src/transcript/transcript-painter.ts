import type { AnswerView } from '@mosaic/proto';
import { truncateToWidth, wrapTextWithAnsi } from '../screen/pi-tui.ts';
import { dim, yellow } from '../screen/style.ts';
import type { ChatState } from '../state/chat-state.ts';
import { isFinished } from '../state/running-turn.ts';
import { oneLine } from '../text/neutralise-controls.ts';
import { AnswerPainter, type PaintedLines } from './answer-painter.ts';
import { userLines } from './message-lines.ts';

/** Messages of a resumed conversation that are painted; older ones stay at the server. */
const historyMessages = 200;

export interface TranscriptLook {
  readonly width: number;
  /** Whether thoughts are printed above their answer, for good. */
  readonly isThinkingShown: boolean;
}

/**
 * Turns the state into lines to print once and lines that still change. It remembers what it handed
 * out, so history is never painted twice, whatever arrives again after a reconnect.
 */
export class TranscriptPainter {
  #conversationId: string | null = null;
  #isBegun = false;
  #noticesShown = 0;
  readonly #done = new Set<string>();
  readonly #painters = new Map<string, AnswerPainter>();

  paint(state: ChatState, look: TranscriptLook): PaintedLines {
    const { width } = look;
    const commit = this.#newNotices(state, width);
    if (state.conversation.id !== this.#conversationId) this.#turnTo(state.conversation.id);
    if (!state.isLive) {
      return { commit, live: state.isStored ? [dim('loading the conversation…')] : [] };
    }
    if (!this.#isBegun) commit.push(...this.#begin(state, width));
    for (const message of state.conversation.messages) {
      if (this.#done.has(message.id)) continue;
      if (message.role === 'user') {
        this.#done.add(message.id);
        commit.push(...userLines(message, width));
        continue;
      }
      const painted = this.#paintAnswer(message, state, look);
      commit.push(...painted.commit);
      // What follows an unfinished answer waits, so that the transcript keeps its order.
      if (!isFinished(message)) return { commit, live: painted.live };
      this.#done.add(message.id);
    }
    return { commit, live: [] };
  }

  #turnTo(conversationId: string): void {
    this.#conversationId = conversationId;
    this.#isBegun = false;
    this.#done.clear();
    this.#painters.clear();
  }

  #begin({ conversation, isStored }: ChatState, width: number): string[] {
    this.#isBegun = true;
    const older = conversation.messages.slice(0, -historyMessages);
    for (const message of older) this.#done.add(message.id);
    const title = isStored
      ? oneLine(conversation.title ?? 'untitled conversation')
      : 'new conversation';
    return [
      '',
      truncateToWidth(dim(`── ${title} ──`), width, '…'),
      ...(older.length === 0 ? [] : [dim(`… ${older.length} earlier messages are not shown`)]),
    ];
  }

  #paintAnswer(answer: AnswerView, state: ChatState, look: TranscriptLook): PaintedLines {
    const painter = this.#painters.get(answer.messageId) ?? new AnswerPainter();
    this.#painters.set(answer.messageId, painter);
    return painter.paint(answer, { ...look, restartWhy: state.restarts[answer.id] });
  }

  #newNotices({ notices }: ChatState, width: number): string[] {
    const fresh = notices.slice(this.#noticesShown);
    this.#noticesShown = notices.length;
    return fresh.flatMap((notice) => wrapTextWithAnsi(yellow(oneLine(notice)), width));
  }
}
