import type { TUI } from '@earendil-works/pi-tui';
import type { KeyAction, KeyMap } from '../../keys/key-map.ts';
import { InlineScreen } from '../../screen/inline-screen.ts';
import { Editor, ProcessTerminal, setCapabilityOverrides } from '../../screen/pi-tui.ts';
import { dim, usePalette } from '../../screen/style.ts';
import {
  askForBackground,
  readBackground,
  stopAskingForBackground,
} from '../../screen/terminal-background.ts';
import { type Background, choosePalette } from '../../screen/theme.ts';
import type { Preferences } from '../../settings/preferences.ts';
import type { Overlay } from '../overlays/overlay.ts';
import { Pager, type PagerOptions } from '../overlays/pager.ts';
import { takeCaret } from './caret.ts';
import { foldedPaste, keepTabs, restoreTabs } from './folded-paste.ts';
import { FooterLine } from './footer-line.ts';
import { listTheme } from './list-theme.ts';

export interface PromptScreenHandlers {
  /** False leaves the text in the editor as it was written, pastes folded and all. */
  maySubmit(text: string): boolean;
  onSubmit(text: string): void;
  /** A key of ours; false lets the editor have it. */
  onAction(action: KeyAction): boolean;
  onQuit(): void;
}

export interface PromptScreenOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly keys: KeyMap;
  readonly preferences: Preferences;
}

/** What stands above the editor and changes: given the width and how many rows there are. */
export type LiveBody = (width: number, rows: number) => readonly string[];

const frameMs = 33;
const settleMs = 60;
const quitWindowMs = 2_000;
const hintMs = 3_000;

/** Actions that somebody behind the prompt takes; the others are the prompt's own. */
const handedOn = [
  'interrupt',
  'steer',
  'pull-back',
  'search-history',
  'details',
  'pick-model',
  'pick-agent',
] as const satisfies readonly KeyAction[];

/**
 * The prompt: editor, footer and whatever is live above them. It needs no connection and imports no
 * contract, so that it can be drawn and typed into while the rest is still being loaded.
 */
export class PromptScreen {
  readonly editor: Editor;
  readonly #terminal = new ProcessTerminal();
  readonly #screen: InlineScreen;
  readonly #handlers: PromptScreenHandlers;
  readonly #options: PromptScreenOptions;
  #background: Background = null;
  #body: LiveBody = () => [];
  readonly #footer = new FooterLine();
  #quitUntil = 0;
  #overlay: Overlay | null = null;
  #pager: Pager | null = null;
  #uncommitted: string[] = [];
  #scheduled: NodeJS.Timeout | undefined;
  #paintedAt = 0;
  #isOpen = false;

  constructor(handlers: PromptScreenHandlers, options: PromptScreenOptions) {
    this.#handlers = handlers;
    this.#options = options;
    this.followTheme();
    // A link whose address is hidden behind other words is a gift to whoever feeds the model.
    setCapabilityOverrides({ hyperlinks: false });
    this.#screen = new InlineScreen(this.#terminal, {
      rewrapsCaretLine: options.env['TERM_PROGRAM'] !== 'vscode',
    });
    // The editor asks of its screen only these two things; it never sees pi-tui's own screen class.
    const host = { requestRender: () => this.requestPaint(), terminal: this.#terminal };
    this.editor = new Editor(host as unknown as TUI, { borderColor: dim, selectList: listTheme });
    this.editor.focused = true;
    this.editor.onSubmit = (text) => this.#handlers.onSubmit(restoreTabs(text));
  }

  open(): void {
    this.#isOpen = true;
    process.once('exit', this.#giveBack);
    this.#terminal.start(
      (data) => this.#handleInput(data),
      () => this.#waitForSize(),
    );
    this.#terminal.write(askForBackground);
    this.#paint();
  }

  /** Gives the terminal back as it was. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.closePager();
    this.#paint();
    this.#isOpen = false;
    clearTimeout(this.#scheduled);
    this.#screen.close();
    this.#terminal.write(stopAskingForBackground);
    // Late answers of the terminal must not be typed into the shell.
    await this.#terminal.drainInput(200);
    this.#giveBack();
  }

  /** Also called when the process ends in some other way: whatever breaks, the shell gets its terminal back. */
  readonly #giveBack = (): void => {
    process.off('exit', this.#giveBack);
    if (this.#isOpen) {
      this.#pager?.close();
      this.#screen.close();
      this.#terminal.write(stopAskingForBackground);
    }
    this.#isOpen = false;
    this.#terminal.stop();
  };

  get width(): number {
    return this.#terminal.columns;
  }

  /** The key for a new line that surely works here. */
  get newLineKey(): string {
    return this.#terminal.kittyProtocolActive ? 'Shift+Enter' : 'Alt+Enter';
  }

  setBody(body: LiveBody): void {
    this.#body = body;
    this.requestPaint();
  }

  setFooter(footer: (width: number) => string): void {
    this.#footer.set(footer);
    this.requestPaint();
  }

  setOverlay(overlay: Overlay | null): void {
    this.#overlay = overlay;
    this.requestPaint();
  }

  get hasOverlay(): boolean {
    return this.#overlay !== null;
  }

  openPager(options: Omit<PagerOptions, 'onClose'>): void {
    this.#pager = new Pager(this.#terminal, { ...options, onClose: () => this.#leavePager() });
    this.#pager.open();
  }

  closePager(): void {
    this.#pager?.close();
    this.#pager = null;
  }

  /** Says something in the place of the footer, for a moment. */
  hint(text: string, forMs = hintMs): void {
    this.#footer.hint(text, forMs);
    setTimeout(() => this.requestPaint(), forMs + 10).unref();
    this.requestPaint();
  }

  /** What stands in the editor, with everything that is folded in it. */
  text(): string {
    return restoreTabs(this.editor.getExpandedText());
  }

  /** Puts text in front of what is being written; what is long is folded as a paste is. */
  putBack(text: string): void {
    const typed = this.text();
    this.editor.setText('');
    this.editor.handleInput(foldedPaste(typed.trim() === '' ? text : `${text}\n\n${typed}`));
    this.requestPaint();
  }

  /** Writes a sequence that shows nothing, e.g. for the clipboard. */
  writeSequence(sequence: string): void {
    this.#terminal.write(sequence);
  }

  /** Takes the colours that were chosen; what is printed already keeps its own. */
  followTheme(): void {
    const { env, preferences } = this.#options;
    usePalette(choosePalette(preferences.current.theme, this.#background, env));
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
    if (!this.#isOpen || this.#scheduled !== undefined || this.#pager !== null) return;
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
    if (this.#pager !== null) {
      this.#pager.paint();
      return;
    }
    this.#paintedAt = performance.now();
    const width = this.width;
    const input =
      this.#overlay?.render(width, this.#screen.liveRows - 1) ?? this.#renderEditor(width);
    const footer = this.#footer.render(width);
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

  #leavePager(): void {
    this.#pager = null;
    this.#paint();
  }

  #renderEditor(width: number): string[] {
    this.editor.setAutocompleteMaxVisible(this.#screen.liveRows < 16 ? 3 : 6);
    return this.editor.render(width);
  }

  #handleInput(data: string): void {
    const background = readBackground(data);
    if (background !== undefined) {
      this.#background = background;
      this.followTheme();
    } else if (this.#pager !== null) this.#pager.handleInput(data);
    else if (this.#overlay !== null) this.#overlay.handleInput(data);
    else if (!this.#takeKey(data)) this.#edit(data);
    this.requestPaint();
  }

  /** The editor forgets what it hands over, so it is asked for before. */
  #edit(data: string): void {
    const { keys } = this.#options;
    this.editor.disableSubmit = keys.submits(data) && !this.#handlers.maySubmit(this.text());
    this.editor.handleInput(keepTabs(data));
  }

  /** False when the editor shall have it. */
  #takeKey(data: string): boolean {
    const { keys } = this.#options;
    const isListOpen = this.editor.isShowingAutocomplete();
    if (keys.matches(data, 'clear')) this.#interrupt();
    else if (keys.matches(data, 'redraw')) this.#screen.forget();
    else if (keys.matches(data, 'quit') && this.editor.getText() === '') this.#handlers.onQuit();
    else {
      const action = handedOn.find((one) => keys.matches(data, one));
      return action !== undefined && !isListOpen && this.#handlers.onAction(action);
    }
    return true;
  }

  /** Ctrl+C empties the editor; twice in two seconds quits. */
  #interrupt(): void {
    if (Date.now() < this.#quitUntil) {
      this.#handlers.onQuit();
      return;
    }
    this.editor.setText('');
    this.#quitUntil = Date.now() + quitWindowMs;
    this.hint('Press Ctrl+C again to quit.', quitWindowMs);
  }
}
