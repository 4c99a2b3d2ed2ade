import {
  type AutocompleteProvider,
  Editor,
  KeybindingsManager,
  matchesKey,
  ProcessTerminal,
  setCapabilityOverrides,
  setKeybindings,
  type TUI,
  TUI_KEYBINDINGS,
  truncateToWidth,
} from '@earendil-works/pi-tui';
import { InlineScreen } from '../screen/inline-screen.ts';
import { dim } from '../screen/style.ts';
import { takeCaret } from './caret.ts';
import { listTheme } from './list-theme.ts';
import type { Picker } from './picker.ts';

export interface PromptScreenHandlers {
  onSubmit(text: string): void;
  onEscape(): void;
  onQuit(): void;
}

/** What stands above the editor and changes: given the width and how many rows there are. */
export type LiveBody = (width: number, rows: number) => readonly string[];

const frameMs = 33;
const settleMs = 60;
const quitWindowMs = 2_000;

/**
 * The prompt: editor, footer and whatever is live above them. It needs no connection and imports no
 * contract, so that it can be drawn and typed into while the rest is still being loaded.
 */
export class PromptScreen {
  readonly editor: Editor;
  readonly #terminal = new ProcessTerminal();
  readonly #screen: InlineScreen;
  readonly #handlers: PromptScreenHandlers;
  #body: LiveBody = () => [];
  #footer: (width: number) => string = () => '';
  #hint = '';
  #hintUntil = 0;
  #picker: Picker | null = null;
  #uncommitted: string[] = [];
  #scheduled: NodeJS.Timeout | undefined;
  #paintedAt = 0;
  #isOpen = false;

  constructor(handlers: PromptScreenHandlers, env: NodeJS.ProcessEnv) {
    this.#handlers = handlers;
    // Alt+Enter is an escape sequence of its own under the Kitty keyboard protocol.
    setKeybindings(
      new KeybindingsManager(TUI_KEYBINDINGS, {
        'tui.input.newLine': ['shift+enter', 'ctrl+j', 'alt+enter'],
      }),
    );
    // A link whose address is hidden behind other words is a gift to whoever feeds the model.
    setCapabilityOverrides({ hyperlinks: false });
    this.#screen = new InlineScreen(this.#terminal, {
      rewrapsCaretLine: env['TERM_PROGRAM'] !== 'vscode',
    });
    // The editor asks of its screen only these two things; it never sees pi-tui's own screen class.
    const host = { requestRender: () => this.requestPaint(), terminal: this.#terminal };
    this.editor = new Editor(host as unknown as TUI, { borderColor: dim, selectList: listTheme });
    this.editor.focused = true;
    this.editor.onSubmit = (text) => {
      this.editor.addToHistory(text);
      this.#handlers.onSubmit(text);
    };
  }

  open(): void {
    this.#isOpen = true;
    process.once('exit', this.#giveBack);
    this.#terminal.start(
      (data) => this.#handleInput(data),
      () => this.#waitForSize(),
    );
    this.#paint();
  }

  /** Gives the terminal back as it was. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#paint();
    this.#isOpen = false;
    clearTimeout(this.#scheduled);
    this.#screen.close();
    // Late answers of the terminal must not be typed into the shell.
    await this.#terminal.drainInput(200);
    this.#giveBack();
  }

  /** Also called when the process ends in some other way: whatever breaks, the shell gets its terminal back. */
  readonly #giveBack = (): void => {
    process.off('exit', this.#giveBack);
    if (this.#isOpen) this.#screen.close();
    this.#isOpen = false;
    this.#terminal.stop();
  };

  get width(): number {
    return this.#terminal.columns;
  }

  setBody(body: LiveBody): void {
    this.#body = body;
    this.requestPaint();
  }

  setFooter(footer: (width: number) => string): void {
    this.#footer = footer;
    this.requestPaint();
  }

  setCompletion(provider: AutocompleteProvider): void {
    this.editor.setAutocompleteProvider(provider);
  }

  openPicker(picker: Picker | null): void {
    this.#picker = picker;
    this.requestPaint();
  }

  /** Prints lines above the prompt, for good. */
  commit(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#uncommitted.push(...lines);
    this.requestPaint();
  }

  /** Paints soon: at once when idle, at most every 33 ms. */
  requestPaint(): void {
    if (!this.#isOpen || this.#scheduled !== undefined) return;
    const waitMs = Math.max(0, this.#paintedAt + frameMs - performance.now());
    this.#scheduled = setTimeout(() => this.#paint(), waitMs);
  }

  /**
   * While a window is being dragged nothing is painted: a frame made for the old width that arrives
   * after the terminal has wrapped its lines anew would count the wrong rows and leave some behind.
   */
  #waitForSize(): void {
    this.#screen.noteResize();
    clearTimeout(this.#scheduled);
    this.#scheduled = setTimeout(() => this.#paint(), settleMs);
  }

  #paint(): void {
    if (!this.#isOpen) return;
    clearTimeout(this.#scheduled);
    this.#scheduled = undefined;
    this.#paintedAt = performance.now();
    const width = this.width;
    const input =
      this.#picker?.render(width, this.#screen.liveRows - 1) ?? this.#renderEditor(width);
    const footer = truncateToWidth(
      Date.now() < this.#hintUntil ? this.#hint : this.#footer(width),
      width,
      '…',
    );
    const rows = Math.max(0, this.#screen.liveRows - input.length - 1);
    // Rendering the body may commit lines; they are printed with this very frame.
    const body = this.#body(width, rows);
    clearTimeout(this.#scheduled);
    this.#scheduled = undefined;
    const { lines, cursor } = takeCaret([...body.slice(-rows || body.length), ...input, footer]);
    const commit = this.#uncommitted;
    this.#uncommitted = [];
    this.#screen.paint({ commit, live: lines.map((line) => line.trimEnd()), cursor });
  }

  #renderEditor(width: number): string[] {
    this.editor.setAutocompleteMaxVisible(this.#screen.liveRows < 16 ? 3 : 6);
    return this.editor.render(width);
  }

  #handleInput(data: string): void {
    if (this.#picker !== null) this.#picker.handleInput(data);
    else if (matchesKey(data, 'ctrl+c')) this.#interrupt();
    else if (matchesKey(data, 'ctrl+d') && this.editor.getText() === '') this.#handlers.onQuit();
    else if (matchesKey(data, 'escape') && !this.editor.isShowingAutocomplete()) {
      this.#handlers.onEscape();
    } else this.editor.handleInput(data);
    this.requestPaint();
  }

  /** Ctrl+C empties the editor; twice in two seconds quits. */
  #interrupt(): void {
    if (Date.now() < this.#hintUntil) {
      this.#handlers.onQuit();
      return;
    }
    this.editor.setText('');
    this.#hint = dim('Press Ctrl+C again to quit.');
    this.#hintUntil = Date.now() + quitWindowMs;
    setTimeout(() => this.requestPaint(), quitWindowMs + 10).unref();
  }
}
