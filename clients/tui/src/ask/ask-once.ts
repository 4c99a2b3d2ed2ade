import type { RestMessage } from '@mosaic/proto';
import {
  type AnswerView,
  answerText,
  type ConversationView,
  type ServerFrame,
  type UserMessageView,
  waitingApprovals,
} from '@mosaic/proto/client';
import { ChatSession, type MessageDraft } from '../session/chat-session.ts';
import type { ChatState } from '../state/chat-state.ts';
import { isFinished } from '../state/running-turn.ts';
import { AnswerStream } from '../text/answer-stream.ts';
import { failureLines } from '../text/failure-lines.ts';
import { oneLine } from '../text/neutralise-controls.ts';
import { routingLine } from '../text/routing-line.ts';
import { describeArguments, toolCard } from '../text/tool-card.ts';
import { askExitCodes } from './exit-codes.ts';

export interface AskOnceOptions {
  readonly url: string;
  readonly readToken: () => string | undefined;
  readonly draft: MessageDraft;
  readonly conversation: string | undefined;
  readonly isJson: boolean;
  /** Stops the answer. */
  readonly signal: AbortSignal;
  write(chunk: string): void;
  tell(line: string): void;
}

/** A connection lost in the middle of an answer may take this long to come back. */
const reconnectMs = 15_000;

/** Sends one message, shows the answer as it grows, and resolves with the exit code. */
export async function askOnce(options: AskOnceOptions): Promise<number> {
  const asking = new Asking(options);
  try {
    return await asking.run();
  } finally {
    asking.stop();
  }
}

class Asking {
  readonly #options: AskOnceOptions;
  readonly #session: ChatSession;
  readonly #stream = new AnswerStream();
  readonly #done = Promise.withResolvers<number>();
  #messageId = '';
  #hasBeenOnline = false;
  #lostTimer: NodeJS.Timeout | undefined;
  #notices = 0;
  #lastChunk = '\n';

  constructor(options: AskOnceOptions) {
    this.#options = options;
    const { conversation } = options;
    this.#session = new ChatSession({
      url: options.url,
      readToken: options.readToken,
      client: 'ask/0.1.0',
      startWith:
        conversation === undefined
          ? { kind: 'new' }
          : { kind: 'named', id: conversation, ifGone: 'fail' },
      remembered: { read: () => undefined, write: () => {} },
      onChange: (state) => this.#onChange(state),
      onFrame: (frame) => this.#onFrame(frame),
    });
  }

  run(): Promise<number> {
    this.#messageId = this.#session.send(this.#options.draft);
    this.#options.signal.addEventListener('abort', () => {
      // The end of the turn arrives as an event; when nothing runs yet there is nothing to wait for.
      if (!this.#session.cancel()) this.#done.resolve(askExitCodes.failed);
    });
    this.#session.start();
    return this.#done.promise;
  }

  stop(): void {
    clearTimeout(this.#lostTimer);
    this.#session.stop();
  }

  #onChange(state: ChatState): void {
    if (this.#watchConnection(state) && this.#messageId !== '') this.#watchAnswer(state);
  }

  /** False when the connection has decided the outcome. */
  #watchConnection({ connection }: ChatState): boolean {
    const { url, tell } = this.#options;
    if (connection.phase === 'online') {
      this.#hasBeenOnline = true;
      clearTimeout(this.#lostTimer);
      this.#lostTimer = undefined;
    }
    if (connection.phase === 'signed-out') {
      tell(`${url} does not accept the token. Start Mosaic on this machine, or set MOSAIC_TOKEN.`);
      this.#done.resolve(askExitCodes.notSignedIn);
      return false;
    }
    if (connection.phase === 'offline' && !this.#hasBeenOnline) {
      tell(`Mosaic is not reachable at ${url}. Start it with \`npm start\`.`);
      this.#done.resolve(askExitCodes.notReachable);
      return false;
    }
    if (connection.phase === 'offline') this.#lostTimer ??= this.#giveUpLater();
    return true;
  }

  #giveUpLater(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#options.tell('The connection was lost; the answer goes on in the conversation.');
      this.#done.resolve(askExitCodes.notReachable);
    }, reconnectMs);
  }

  #watchAnswer(state: ChatState): void {
    for (const notice of state.notices.slice(this.#notices)) this.#options.tell(oneLine(notice));
    this.#notices = state.notices.length;
    const isKnown =
      state.pending.some((message) => message.messageId === this.#messageId) ||
      state.conversation.messages.some((message) => message.id === this.#messageId);
    if (!isKnown) {
      this.#done.resolve(askExitCodes.failed);
      return;
    }
    const answer = state.conversation.messages.findLast(
      (message) => message.role === 'assistant' && message.messageId === this.#messageId,
    );
    if (answer?.role === 'assistant') this.#showAnswer(answer, state);
  }

  #showAnswer(answer: AnswerView, { conversation }: ChatState): void {
    const { isJson, write, tell } = this.#options;
    const { chunk, isRestart } = this.#stream.next(answer);
    if (!isJson) {
      if (isRestart) tell('\nThe turn was restarted; the answer begins again.');
      if (chunk !== '') {
        write(chunk);
        this.#lastChunk = chunk;
      }
    }
    if (!isFinished(answer)) {
      this.#watchApprovals(conversation);
      return;
    }
    if (isJson) write(`${JSON.stringify(finishedMessage(answer, conversation.id))}\n`);
    else this.#finish(answer);
    const isAnswered = answer.status === 'completed';
    this.#done.resolve(isAnswered ? askExitCodes.answered : askExitCodes.failed);
  }

  /** Nobody can be asked here: the call goes on waiting for another client. */
  #watchApprovals(conversation: ConversationView): void {
    const [call] = waitingApprovals(conversation);
    if (call === undefined) return;
    const { tell, write } = this.#options;
    if (!this.#options.isJson && !this.#lastChunk.endsWith('\n')) write('\n');
    tell(`${oneLine(call.name)}(${describeArguments(call.arguments)}) needs your approval.`);
    tell(`Decide in the terminal or on the page: mosaic tui --conversation ${conversation.id}`);
    this.#done.resolve(askExitCodes.approvalNeeded);
  }

  #finish(answer: AnswerView): void {
    const { write, tell } = this.#options;
    if (!this.#lastChunk.endsWith('\n')) write('\n');
    for (const block of answer.blocks) if (block.type === 'tool') tell(toolCard(block));
    if (answer.failure !== null) failureLines(answer.failure).map(tell);
    if (answer.status === 'cancelled') tell('Stopped.');
    tell(routingLine(answer));
  }

  /** With `--json`: the events and deltas of this turn, as they come. */
  #onFrame(frame: ServerFrame): void {
    if (!this.#options.isJson) return;
    if (frame.type === 'delta') this.#options.write(`${JSON.stringify(frame)}\n`);
    if (frame.type !== 'event' || !('messageId' in frame.event || 'run' in frame.event)) return;
    const isOurs = 'messageId' in frame.event ? frame.event.messageId === this.#messageId : true;
    if (isOurs) this.#options.write(`${JSON.stringify(frame)}\n`);
  }
}

/** The message as REST shows it, with its conversation. */
function finishedMessage(
  answer: AnswerView,
  conversationId: string,
): { type: 'message'; conversationId: string; messageId: UserMessageView['id'] } & {
  message: RestMessage;
} {
  const { id, provider, model, rule, reason, usage, status, isSimulated, failure } = answer;
  return {
    type: 'message',
    conversationId,
    messageId: answer.messageId,
    message: {
      id,
      role: 'assistant',
      content: answerText(answer),
      provider: provider || null,
      model: model || null,
      rule: rule || null,
      reason: reason || null,
      usage,
      costUsd: answer.cost?.usd ?? null,
      status,
      isSimulated,
      failure,
      warnings: [...answer.warnings],
    },
  };
}
