import { createInterface, type Interface } from 'node:readline';
import { waitingApprovals } from '@mosaic/proto/client';
import type { ChoiceList, CommandHost } from '../commands/command.ts';
import { isCommand, runCommand } from '../commands/run-command.ts';
import { beFast } from '../engine-settings.ts';
import { ChatSession } from '../session/chat-session.ts';
import type { ChatSessionOptions } from '../session/chat-session-options.ts';
import { copyText } from '../settings/clipboard.ts';
import { openPreferences, type Preferences } from '../settings/preferences.ts';
import type { ChatState } from '../state/chat-state.ts';
import { runningTurn } from '../state/running-turn.ts';
import { approvalAnswers, approvalQuestion } from '../text/approval-question.ts';
import { neutraliseControls } from '../text/neutralise-controls.ts';
import { PlainTranscript } from './plain-transcript.ts';

export interface PlainChatOptions
  extends Pick<ChatSessionOptions, 'url' | 'readToken' | 'remembered' | 'startWith'> {
  readonly dataDir: string;
}

const keys = [
  ['Enter', 'send; a \\ at the end of a line goes on in the next one'],
  ['Ctrl+C', 'stop the answer, or leave when none runs'],
  ['Ctrl+D', 'leave when the answers that are due have come'],
] as const;

/**
 * Append-only chat: lines in, lines out, nothing is ever redrawn. For screen readers, logs, pipes and
 * terminals that can't do more. When the input ends it waits for the answers that are due.
 */
export async function runPlainChat(options: PlainChatOptions): Promise<void> {
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: false,
  });
  const chat = new PlainChat(options, lines);
  await chat.run();
}

class PlainChat implements CommandHost {
  readonly session: ChatSession;
  readonly preferences: Preferences;
  readonly keys = keys;
  readonly #dataDir: string;
  readonly #input: Interface;
  readonly #transcript: PlainTranscript;
  readonly #left = Promise.withResolvers<void>();
  readonly #lines: string[] = [];
  #waiting: ((line: string | null) => void) | null = null;
  #isInputOver = false;
  /** The call that was asked about; the next line answers it. */
  #askedAbout: string | null = null;

  constructor(options: PlainChatOptions, input: Interface) {
    this.#input = input;
    this.#dataDir = options.dataDir;
    this.preferences = openPreferences(options.dataDir);
    this.#transcript = new PlainTranscript(options.url, (text) => process.stdout.write(text));
    this.session = new ChatSession({
      ...options,
      client: 'tui-plain/0.1.0',
      onChange: (state) => {
        if (state.conversation.messages.length > 0) beFast();
        this.#transcript.show(state);
        this.#askForApproval(state);
      },
    });
  }

  async run(): Promise<void> {
    this.print(['Mosaic. Connecting… Write a message and press Enter; /help lists commands.']);
    this.#input.on('line', (line) => this.#hear(line)).on('close', () => this.#hear(null));
    process.on('SIGINT', this.#interrupt).once('SIGTERM', this.quit);
    this.session.start();
    await Promise.race([this.#left.promise, this.#talk()]);
    process.off('SIGINT', this.#interrupt).off('SIGTERM', this.quit);
    this.session.stop();
    this.#input.close();
  }

  readonly print = (lines: readonly string[]): void => {
    for (const line of lines) process.stdout.write(`${neutraliseControls(line)}\n`);
  };

  readonly choose = async ({ title, choices }: ChoiceList): Promise<string | null> => {
    this.print([
      title,
      ...choices.map((choice, index) => `${index + 1}. ${choice.label}: ${choice.description}`),
      'Write a number, or nothing to leave it.',
    ]);
    const line = await this.#nextLine();
    return choices[Number(line ?? '') - 1]?.value ?? null;
  };

  readonly copy = (text: string): string => copyText(text, { dataDir: this.#dataDir });

  /** Ctrl+C stops a running answer; when none runs, it leaves. */
  readonly #interrupt = (): void => {
    if (!this.session.cancel()) this.quit();
  };

  readonly quit = (): void => this.#left.resolve();

  /** One line after the other: a command is done before what follows it is read. */
  async #talk(): Promise<void> {
    let begun = '';
    for (;;) {
      const line = await this.#nextLine();
      if (line?.endsWith('\\')) {
        begun += `${line.slice(0, -1)}\n`;
        continue;
      }
      const text = `${begun}${line ?? ''}`.trim();
      begun = '';
      if (isCommand(text)) await runCommand(text, this);
      else if (text !== '') this.session.send({ text });
      if (line === null) break;
    }
    await this.#answersAreDone();
  }

  async #answersAreDone(): Promise<void> {
    while (runningTurn(this.session.state).phase !== 'idle') {
      if (this.#askedAbout !== null) {
        this.print(['Nobody can answer here any more; another client can.']);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #askForApproval({ conversation }: ChatState): void {
    const [call] = waitingApprovals(conversation);
    if (call?.callId === this.#askedAbout) return;
    this.#askedAbout = call?.callId ?? null;
    if (call === undefined) return;
    const { covers, details, title } = approvalQuestion(call, Date.now());
    this.print([
      title,
      ...details,
      ...approvalAnswers.map(({ answer, words }, index) => {
        const what = answer === 'conversation' ? `${words}: ${covers}` : words;
        return `${index + 1}. ${what}`;
      }),
      'Write a number.',
    ]);
  }

  /** Whether the line was the answer to a call that waits. */
  #answersApproval(line: string): boolean {
    if (this.#askedAbout === null) return false;
    const chosen = approvalAnswers[Number(line.trim()) - 1];
    if (chosen === undefined) this.print(['Write 1, 2 or 3: a tool call waits for you.']);
    else this.session.answerApproval(this.#askedAbout, chosen.answer);
    return true;
  }

  #hear(line: string | null): void {
    if (line !== null && this.#answersApproval(line)) return;
    if (line === null) this.#isInputOver = true;
    else this.#lines.push(line);
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) waiting(this.#lines.shift() ?? null);
  }

  /** The next line typed; null when the input has ended. */
  #nextLine(): Promise<string | null> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#isInputOver) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<string | null>();
    this.#waiting = resolve;
    return promise;
  }
}
