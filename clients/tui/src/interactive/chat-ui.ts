import { wrapTextWithAnsi } from '@earendil-works/pi-tui';
import type { ChoiceList, CommandHost } from '../commands/command.ts';
import { isCommand, runCommand } from '../commands/command-list.ts';
import { dim } from '../screen/style.ts';
import { ChatSession } from '../session/chat-session.ts';
import type { StartWith } from '../session/first-conversation.ts';
import type { RememberedConversation } from '../settings/remembered-conversation.ts';
import type { ChatState } from '../state/chat-state.ts';
import { runningTurn } from '../state/running-turn.ts';
import { TranscriptPainter } from '../transcript/transcript-painter.ts';
import { footerLine, signedOutLines } from './footer.ts';
import { liveBody, spinnerMs } from './live-body.ts';
import { Picker } from './picker.ts';
import type { PromptScreen } from './prompt-screen.ts';
import { slashCompletion } from './slash-completion.ts';

export interface ChatUiOptions {
  readonly url: string;
  readonly readToken: () => string | undefined;
  readonly startWith: StartWith;
  readonly remembered: RememberedConversation;
  quit(): void;
}

/** The chat behind the prompt: turns what is typed into messages and commands, and state into lines. */
export class ChatUi implements CommandHost {
  readonly session: ChatSession;
  readonly #screen: PromptScreen;
  readonly #options: ChatUiOptions;
  readonly #painter = new TranscriptPainter();
  #open: readonly string[] = [];
  #spinner: NodeJS.Timeout | undefined;
  #runningSinceMs: number | null = null;
  #isSignedOut = false;
  #recalledOf = '';

  constructor(screen: PromptScreen, options: ChatUiOptions) {
    this.#screen = screen;
    this.#options = options;
    this.session = new ChatSession({
      ...options,
      client: 'tui/0.1.0',
      onChange: (state) => this.#onChange(state),
    });
    screen.setCompletion(slashCompletion);
    screen.setBody((width, rows) => this.#renderBody(width, rows));
  }

  start(): void {
    this.session.start();
  }

  stop(): void {
    clearInterval(this.#spinner);
    this.session.stop();
  }

  submit(text: string): void {
    if (text === '') return;
    const { maxMessageChars } = this.session.state;
    if (isCommand(text)) {
      this.#screen.commit(['', dim(`❯ ${text}`)]);
      void runCommand(text, this);
    } else if (text.length > maxMessageChars) {
      this.print([`Too long: ${text.length} characters, ${maxMessageChars} are allowed.`]);
    } else this.session.send({ text });
  }

  escape(): void {
    this.session.cancel();
  }

  readonly print = (lines: readonly string[]): void => {
    this.#screen.commit(lines.flatMap((line) => wrapTextWithAnsi(line, this.#screen.width)));
  };

  readonly choose = (list: ChoiceList): Promise<string | null> => {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const picker = new Picker({
      ...list,
      requestPaint: () => this.#screen.requestPaint(),
      onPick: (value) => {
        this.#screen.openPicker(null);
        resolve(value);
      },
    });
    this.#screen.openPicker(picker);
    return promise;
  };

  readonly quit = (): void => this.#options.quit();

  #onChange(state: ChatState): void {
    this.#screen.setFooter((width) => footerLine(state, width));
    const isSignedOut = state.connection.phase === 'signed-out';
    if (state.connection.phase === 'signed-out' && !this.#isSignedOut) {
      this.print(signedOutLines(this.#options.url, state.connection.hasToken));
    }
    this.#isSignedOut = isSignedOut;
    this.#runSpinner(runningTurn(state).phase !== 'idle');
    this.#recallMessages(state);
    this.#screen.requestPaint();
  }

  /** Called once per frame: many deltas between two frames cost one rendering. */
  #renderBody(width: number, rows: number): readonly string[] {
    const { state } = this.session;
    const { commit, live } = this.#painter.paint(state, width);
    this.#screen.commit(commit);
    this.#open = live;
    const times = { runningSinceMs: this.#runningSinceMs, nowMs: Date.now() };
    return liveBody({ state, open: this.#open, width, rows, ...times });
  }

  #runSpinner(isRunning: boolean): void {
    if (isRunning === (this.#spinner !== undefined)) return;
    clearInterval(this.#spinner);
    this.#spinner = undefined;
    this.#runningSinceMs = isRunning ? Date.now() : null;
    if (isRunning) this.#spinner = setInterval(() => this.#screen.requestPaint(), spinnerMs);
  }

  /** Earlier messages of a resumed conversation come back with Up. */
  #recallMessages({ conversation, isLive, isStored }: ChatState): void {
    if (!isLive || !isStored || this.#recalledOf === conversation.id) return;
    this.#recalledOf = conversation.id;
    for (const message of conversation.messages.slice(-100)) {
      if (message.role === 'user') this.#screen.editor.addToHistory(message.text);
    }
  }
}
