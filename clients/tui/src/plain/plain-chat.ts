import { createInterface, type Interface } from 'node:readline';
import type { ChoiceList, CommandHost } from '../commands/command.ts';
import { isCommand, runCommand } from '../commands/command-list.ts';
import { ChatSession, type ChatSessionOptions } from '../session/chat-session.ts';
import { runningTurn } from '../state/running-turn.ts';
import { neutraliseControls } from '../text/neutralise-controls.ts';
import { PlainTranscript } from './plain-transcript.ts';

export type PlainChatOptions = Pick<
  ChatSessionOptions,
  'url' | 'readToken' | 'remembered' | 'startWith'
>;

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
  readonly #lines: Interface;
  readonly #transcript: PlainTranscript;
  readonly #left = Promise.withResolvers<void>();
  #choice: ((line: string) => void) | null = null;
  #continued = '';
  #isInputOver = false;
  #commandsRunning = 0;

  constructor(options: PlainChatOptions, lines: Interface) {
    this.#lines = lines;
    this.#transcript = new PlainTranscript(options.url, (text) => process.stdout.write(text));
    this.session = new ChatSession({
      ...options,
      client: 'tui-plain/0.1.0',
      onChange: (state) => {
        this.#transcript.show(state);
        this.#leaveWhenDone();
      },
    });
  }

  async run(): Promise<void> {
    this.print([`Mosaic. Connecting… Write a message and press Enter; /help lists commands.`]);
    this.#lines.on('line', (line) => this.#hear(line));
    this.#lines.on('close', () => {
      this.#isInputOver = true;
      this.#leaveWhenDone();
    });
    this.#lines.on('SIGINT', () => this.quit());
    process.once('SIGINT', () => this.quit()).once('SIGTERM', () => this.quit());
    this.session.start();
    await this.#left.promise;
    this.session.stop();
    this.#lines.close();
  }

  print(lines: readonly string[]): void {
    for (const line of lines) process.stdout.write(`${neutraliseControls(line)}\n`);
  }

  choose({ title, choices }: ChoiceList): Promise<string | null> {
    this.print([
      title,
      ...choices.map((choice, index) => `${index + 1}. ${choice.label}: ${choice.description}`),
      'Write a number, or nothing to leave it.',
    ]);
    return new Promise((resolve) => {
      this.#choice = (line) => resolve(choices[Number(line.trim()) - 1]?.value ?? null);
    });
  }

  quit(): void {
    this.#left.resolve();
  }

  #hear(line: string): void {
    const choice = this.#choice;
    if (choice !== null) {
      this.#choice = null;
      choice(line);
      return;
    }
    if (line.endsWith('\\')) {
      this.#continued += `${line.slice(0, -1)}\n`;
      return;
    }
    const text = `${this.#continued}${line}`.trim();
    this.#continued = '';
    if (text === '') return;
    if (!isCommand(text)) this.session.send({ text });
    else void this.#runCommand(text);
  }

  async #runCommand(text: string): Promise<void> {
    this.#commandsRunning += 1;
    await runCommand(text, this);
    this.#commandsRunning -= 1;
    this.#leaveWhenDone();
  }

  #leaveWhenDone(): void {
    const isIdle = runningTurn(this.session.state).phase === 'idle' && this.#commandsRunning === 0;
    if (this.#isInputOver && isIdle) this.quit();
  }
}
