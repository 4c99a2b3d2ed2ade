import type { ChoiceList, CommandHost } from '../commands/command.ts';
import { isCommand, runCommand } from '../commands/run-command.ts';
import { beFast } from '../engine-settings.ts';
import type { KeyAction, KeyMap } from '../keys/key-map.ts';
import { dim } from '../screen/style.ts';
import { ChatSession } from '../session/chat-session.ts';
import type { StartWith } from '../session/first-conversation.ts';
import { HeldMessages } from '../session/held-messages.ts';
import { ModelWindows } from '../session/model-windows.ts';
import { copyText } from '../settings/clipboard.ts';
import type { Preferences } from '../settings/preferences.ts';
import type { PromptHistory } from '../settings/prompt-history.ts';
import type { RememberedConversation } from '../settings/remembered-conversation.ts';
import type { ChatState } from '../state/chat-state.ts';
import { runningTurn } from '../state/running-turn.ts';
import { wrapHanging } from '../text/wrap-hanging.ts';
import { detailLines } from '../transcript/detail-lines.ts';
import { TranscriptPainter } from '../transcript/transcript-painter.ts';
import { footerLine, signedOutLines } from './footer.ts';
import { keysForHelp } from './key-help.ts';
import { liveBody, spinnerMs } from './live-body.ts';
import { ApprovalWatch } from './overlays/approval-watch.ts';
import { Picker } from './overlays/picker.ts';
import type { PromptScreen } from './prompt/prompt-screen.ts';
import { slashCompletion } from './slash-completion.ts';

export interface ChatUiOptions {
  readonly url: string;
  readonly readToken: () => string | undefined;
  readonly startWith: StartWith;
  readonly remembered: RememberedConversation;
  readonly dataDir: string;
  readonly keyMap: KeyMap;
  readonly preferences: Preferences;
  readonly prompts: PromptHistory;
  quit(): void;
}

/** The chat behind the prompt: turns what is typed into messages and commands, and state into lines. */
export class ChatUi implements CommandHost {
  readonly session: ChatSession;
  readonly #screen: PromptScreen;
  readonly #options: ChatUiOptions;
  readonly #painter = new TranscriptPainter();
  readonly #held = new HeldMessages();
  readonly #windows: ModelWindows;
  readonly #approvals: ApprovalWatch;
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
    this.#windows = new ModelWindows(this.session.rest, () => screen.requestPaint());
    this.#approvals = new ApprovalWatch({
      screen,
      session: this.session,
      onStop: () => void this.#stopTurn(),
      onDetails: () => void this.#showDetails(),
    });
    for (const text of options.prompts.entries) screen.editor.addToHistory(text);
    screen.editor.setAutocompleteProvider(slashCompletion);
    screen.setBody((width, rows) => this.#renderBody(width, rows));
  }

  start(): void {
    this.print(this.#options.keyMap.problems);
    this.session.start();
  }

  /** What is held goes to the server, which keeps it, before we go. */
  async stop(): Promise<void> {
    clearInterval(this.#spinner);
    for (let text = this.#held.takeFirst(); text !== undefined; text = this.#held.takeFirst()) {
      this.session.send({ text });
    }
    await this.session.settle();
    this.session.stop();
  }

  get preferences(): Preferences {
    return this.#options.preferences;
  }

  get keys(): readonly (readonly [string, string])[] {
    return keysForHelp(this.#options.keyMap, this.#screen.newLineKey);
  }

  /** Says why not. */
  maySubmit(text: string): boolean {
    const { maxMessageChars } = this.session.state;
    if (text.length <= maxMessageChars || isCommand(text)) return true;
    const [has, may] = [text.length, maxMessageChars].map((count) => count.toLocaleString('en'));
    this.print([`Too long: ${has} characters, ${may} are allowed. It was not sent.`]);
    return false;
  }

  /** `isSteering`: into the running turn, instead of behind it. */
  submit(text: string, isSteering = false): void {
    if (text.trim() === '') return;
    this.#screen.editor.addToHistory(text);
    this.#options.prompts.add(text);
    if (isCommand(text)) {
      this.#screen.commit(['', dim(`❯ ${text}`)]);
      void runCommand(text, this);
    } else if (!this.maySubmit(text)) this.#screen.putBack(text);
    else if (isSteering) this.session.send({ text, mode: 'steer' });
    else if (!this.#isBusy) this.session.send({ text });
    else this.#held.add(text);
    this.#screen.requestPaint();
  }

  /** A key of ours; false lets the editor have it. */
  act(action: KeyAction): boolean {
    switch (action) {
      case 'interrupt':
        return this.#stopTurn();
      case 'steer':
        return this.#steer();
      case 'pull-back':
        return this.#restore(this.#held.takeLast() ?? '');
      case 'search-history':
        void this.#searchPrompts();
        return true;
      case 'details':
        return this.#showDetails();
      case 'pick-model':
      case 'pick-agent':
        void runCommand(action === 'pick-model' ? '/model' : '/agent', this);
        return true;
      default:
        return false;
    }
  }

  readonly print = (lines: readonly string[]): void => {
    this.#screen.commit(lines.flatMap((line) => wrapHanging(line, this.#screen.width)));
  };

  readonly choose = (list: ChoiceList): Promise<string | null> => {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const picker = new Picker({
      ...list,
      requestPaint: () => this.#screen.requestPaint(),
      onPick: (value) => {
        this.#screen.setOverlay(null);
        this.#approvals.follow(this.session.state);
        resolve(value);
      },
    });
    this.#screen.setOverlay(picker);
    return promise;
  };

  readonly copy = (text: string): string =>
    copyText(text, {
      dataDir: this.#options.dataDir,
      write: (sequence) => this.#screen.writeSequence(sequence),
    });

  readonly quit = (): void => this.#options.quit();

  get #isBusy(): boolean {
    return runningTurn(this.session.state).phase !== 'idle' || this.#held.texts.length > 0;
  }

  #stopTurn(): boolean {
    const isStopped = this.session.cancel();
    this.#restore(this.#held.takeAll());
    return isStopped;
  }

  #steer(): boolean {
    const text = this.#screen.text();
    if (runningTurn(this.session.state).phase === 'idle' || text.trim() === '') return false;
    if (!this.maySubmit(text)) return true;
    this.#screen.editor.setText('');
    this.submit(text, true);
    return true;
  }

  /** False when there is nothing to put back. */
  #restore(text: string): boolean {
    if (text !== '') this.#screen.putBack(text);
    return text !== '';
  }

  async #searchPrompts(): Promise<void> {
    const newest = [...new Set(this.#options.prompts.entries.toReversed())];
    const chosen = await this.choose({
      title: 'What you wrote',
      choices: newest.map((text, index) => ({
        value: String(index),
        label: promptLabel(text),
        description: '',
      })),
    });
    if (chosen !== null) this.#restore(newest[Number(chosen)] ?? '');
  }

  #showDetails(): boolean {
    const { conversation } = this.session.state;
    if (detailLines(conversation, this.#screen.width).length === 0) {
      this.#screen.hint('There is no tool call and no thought to show yet.');
    } else {
      this.#screen.openPager({
        title: 'Tool calls and thoughts',
        lines: (width) => detailLines(this.session.state.conversation, width),
      });
    }
    return true;
  }

  #onChange(state: ChatState): void {
    const isSignedOut = state.connection.phase === 'signed-out';
    if (state.connection.phase === 'signed-out' && !this.#isSignedOut) {
      this.print(signedOutLines(this.#options.url, state.connection.hasToken));
    }
    this.#isSignedOut = isSignedOut;
    const isRunning = runningTurn(state).phase !== 'idle';
    if (state.conversation.messages.length > 0) beFast();
    if (!isRunning && state.connection.phase === 'online') this.#sendHeld();
    this.#screen.setFooter((width) => footerLine(this.session.state, width, this.#windows));
    this.#approvals.follow(state);
    this.#runSpinner(isRunning);
    this.#recallMessages(state);
    this.#screen.requestPaint();
  }

  #sendHeld(): void {
    const text = this.#held.takeFirst();
    if (text !== undefined) this.session.send({ text });
  }

  /** Called once per frame: many deltas between two frames cost one rendering. */
  #renderBody(width: number, rows: number): readonly string[] {
    const { state } = this.session;
    const { isThinkingShown } = this.preferences.current;
    const { commit, live } = this.#painter.paint(state, { width, isThinkingShown });
    this.#screen.commit(commit);
    return liveBody({
      state,
      open: live,
      held: this.#held.texts,
      width,
      rows,
      runningSinceMs: this.#runningSinceMs,
      nowMs: Date.now(),
      keyMap: this.#options.keyMap,
    });
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

/** The first line that says something; how many more there are. */
function promptLabel(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const more = lines.length > 1 ? `  (+${lines.length - 1} lines)` : '';
  return `${(lines[0] ?? '').slice(0, 200)}${more}`;
}
