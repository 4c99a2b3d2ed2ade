import type { AnswerView } from '@mosaic/proto';
import type { ChatState } from '../state/chat-state.ts';
import { isFinished, runningTurn } from '../state/running-turn.ts';
import { AnswerStream } from '../text/answer-stream.ts';
import { failureLines } from '../text/failure-lines.ts';
import { neutraliseControls, oneLine } from '../text/neutralise-controls.ts';
import { routingLine, runningLine } from '../text/routing-line.ts';
import { toolCard } from '../text/tool-card.ts';

const historyMessages = 200;

/** Says in appended lines what changed: history once, answers as they grow, and where they end. */
export class PlainTranscript {
  readonly #url: string;
  readonly #write: (text: string) => void;
  readonly #done = new Set<string>();
  readonly #streams = new Map<string, AnswerStream>();
  readonly #toolsShown = new Set<string>();
  #conversationId: string | null = null;
  #isBegun = false;
  #connection = '';
  #notices = 0;
  #announced = '';
  #isInLine = false;

  constructor(url: string, write: (text: string) => void) {
    this.#url = url;
    this.#write = write;
  }

  show(state: ChatState): void {
    this.#showConnection(state);
    for (const notice of state.notices.slice(this.#notices)) this.#line(oneLine(notice));
    this.#notices = state.notices.length;
    if (state.conversation.id !== this.#conversationId) this.#turnTo(state);
    if (!state.isLive) return;
    const isHistory = !this.#isBegun;
    if (isHistory) this.#begin(state);
    for (const message of state.conversation.messages) {
      if (this.#done.has(message.id)) continue;
      if (message.role === 'user') {
        this.#done.add(message.id);
        if (isHistory) this.#line(`You: ${neutraliseControls(message.text)}`);
      } else if (!this.#showAnswer(message, state)) return;
    }
    if (runningTurn(state).phase === 'routing') this.#announce('routing…');
  }

  #turnTo({ conversation }: ChatState): void {
    this.#conversationId = conversation.id;
    this.#isBegun = false;
    this.#done.clear();
  }

  #begin({ conversation, isStored }: ChatState): void {
    this.#isBegun = true;
    for (const message of conversation.messages.slice(0, -historyMessages)) {
      this.#done.add(message.id);
    }
    const title = isStored ? oneLine(conversation.title ?? 'untitled') : 'new';
    this.#line(`Conversation: ${title}`);
  }

  /** False while it is unfinished: what follows waits. */
  #showAnswer(answer: AnswerView, state: ChatState): boolean {
    const stream = this.#streams.get(answer.messageId) ?? new AnswerStream();
    this.#streams.set(answer.messageId, stream);
    const { chunk, isRestart } = stream.next(answer);
    if (isRestart) {
      const why = state.restarts[answer.id];
      this.#line(`The turn was restarted${why === undefined ? '' : ` (${oneLine(why)})`}.`);
    }
    this.#showTools(answer);
    if (!isFinished(answer)) this.#announce(runningLine(answer));
    if (chunk !== '') {
      this.#write(chunk);
      this.#isInLine = !chunk.endsWith('\n');
    }
    if (!isFinished(answer)) return false;
    this.#done.add(answer.id);
    if (answer.status === 'cancelled') this.#line('Stopped.');
    if (answer.failure !== null) failureLines(answer.failure).map((line) => this.#line(line));
    this.#line(routingLine(answer));
    this.#line('Assistant finished.');
    return true;
  }

  #showTools(answer: AnswerView): void {
    for (const block of answer.blocks) {
      if (block.type !== 'tool' || block.output === null) continue;
      const key = `${answer.id} ${block.callId}`;
      if (this.#toolsShown.has(key)) continue;
      this.#toolsShown.add(key);
      this.#line(toolCard(block));
    }
  }

  #showConnection({ connection, isDemo }: ChatState): void {
    if (connection.phase === this.#connection) return;
    this.#connection = connection.phase;
    if (connection.phase === 'online') {
      this.#line(isDemo ? 'Connected. DEMO: answers are simulated.' : 'Connected.');
    }
    if (connection.phase === 'offline') this.#line(`${this.#url} is not reachable; trying again.`);
    if (connection.phase === 'signed-out') {
      this.#line(`${this.#url} does not accept the token: start Mosaic here or set MOSAIC_TOKEN.`);
    }
  }

  #announce(text: string): void {
    if (text === this.#announced) return;
    this.#announced = text;
    this.#line(text);
  }

  #line(text: string): void {
    this.#write(`${this.#isInLine ? '\n' : ''}${text}\n`);
    this.#isInLine = false;
  }
}
