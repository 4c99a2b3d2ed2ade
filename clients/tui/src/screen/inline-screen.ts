import { truncateToWidth, visibleWidth } from './pi-tui.ts';

export interface ScreenOutput {
  write(data: string): void;
  readonly columns: number;
  readonly rows: number;
}

export interface Frame {
  /** Lines to print above, once, for good. They go into the terminal's own scrollback. */
  readonly commit: readonly string[];
  /** The part that changes: at most `rows - 2` lines are shown, the last ones. */
  readonly live: readonly string[];
  /** Where the caret is, in `live`; null hides it. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

export interface InlineScreenOptions {
  /**
   * Whether the terminal wraps the caret's own line again when it gets narrower. Most do;
   * xterm.js (the terminal of VS Code) leaves that one line alone.
   */
  readonly rewrapsCaretLine: boolean;
}

const beginFrame = '\x1b[?2026h\x1b[?25l';
const endFrame = '\x1b[?2026l';
const wrapOff = '\x1b[?7l';
const wrapOn = '\x1b[?7h';
const saveCaret = '\x1b7';
const restoreCaret = '\x1b8';
const clearRow = '\r\x1b[2K';

const up = (rows: number): string => (rows > 0 ? `\x1b[${rows}A` : '');
const down = (rows: number): string => (rows > 0 ? `\x1b[${rows}B` : '');
const right = (columns: number): string => (columns > 0 ? `\x1b[${columns}C` : '');

/** A frame and a change of size within this time may have passed each other. */
const raceMs = 50;

/**
 * Draws inline, below what is already in the terminal: finished lines are printed once and never
 * touched again, so the terminal's scrollback stays whole; only a bounded region at the end is
 * repainted, by line, in one write per frame. It never clears the screen or the scrollback: a
 * terminal can rewrite only what is visible, so a live region taller than the screen is what makes
 * other programs wipe or double their history.
 */
export class InlineScreen {
  readonly #output: ScreenOutput;
  readonly #options: InlineScreenOptions;
  #painted: readonly string[] = [];
  #caret = { row: 0, column: 0 };
  #columns = 0;
  #rows = 0;
  #repaintedAt = 0;
  #isCountSure = true;
  #isSpoilt = false;
  /** Live lines that a smaller window pushed into the scrollback, where nobody can take them back. */
  #scrolledOff: readonly string[] = [];

  constructor(output: ScreenOutput, options: InlineScreenOptions = { rewrapsCaretLine: true }) {
    this.#output = output;
    this.#options = options;
  }

  /** Rows that the live region may take. */
  get liveRows(): number {
    return Math.max(1, this.#output.rows - 2);
  }

  paint(frame: Frame): void {
    const { columns, rows } = this.#output;
    const hidden = Math.max(0, frame.live.length - this.liveRows);
    const live = frame.live.slice(hidden).map((line) => truncateToWidth(line, columns, ''));
    const last = { row: Math.max(0, live.length - 1), column: 0 };
    const caret = frame.cursor === null ? last : placeCaret(frame.cursor, hidden, live.length);
    const isResized = this.#columns !== 0 && (columns !== this.#columns || rows !== this.#rows);
    const isWhole =
      frame.commit.length > 0 || isResized || this.#isSpoilt || this.#painted.length === 0;
    this.#isSpoilt = false;
    const hasGrown = live.length > this.#painted.length;
    if (isResized) this.#noteScrolledOff(columns);
    const commit = this.#withoutScrolledOff(frame.commit);
    const body = isWhole ? this.#repaint(commit, live) : this.#diff(live);
    const hasMoved = caret.row !== this.#caret.row || caret.column !== this.#caret.column;
    if (isResized) this.#isCountSure = true;
    this.#columns = columns;
    this.#rows = rows;
    if (body === '' && !hasMoved) return;
    const from = isWhole || hasGrown ? last.row : this.#caret.row;
    if (isWhole) this.#repaintedAt = performance.now();
    const move = `${up(from - caret.row)}${down(caret.row - from)}\r${right(caret.column)}`;
    const show = frame.cursor === null ? '' : '\x1b[?25h';
    this.#output.write(`${beginFrame}${body}${move}${show}${endFrame}`);
    this.#painted = live;
    this.#caret = caret;
  }

  /**
   * To be called the moment the terminal says that its size changed. A whole frame written just before
   * may have been drawn before or after the terminal wrapped its lines anew; nobody can tell. Then the
   * smaller count is taken: leftovers of the live region stay visible, but nothing printed is lost.
   */
  noteResize(): void {
    this.#isCountSure = performance.now() - this.#repaintedAt > raceMs;
  }

  /** Something else wrote over the live region: the next frame draws all of it. */
  forget(): void {
    this.#isSpoilt = true;
  }

  /** Takes the live region away and leaves the caret, visible, where it began. */
  close(): void {
    const { columns } = this.#output;
    this.#output.write(`${this.#clear(columns)}\r\x1b[?25h`);
    this.#painted = [];
    this.#caret = { row: 0, column: 0 };
  }

  /** Everything anew, with the committed lines above; ends in the last live row. */
  #repaint(commit: readonly string[], live: readonly string[]): string {
    const printed = commit.map((line) => `${line}\x1b[0m\r\n`).join('');
    const region = live.map((line) => `${line}\x1b[0m`).join('\r\n');
    return `${this.#clear(this.#output.columns)}${printed}${wrapOff}${region}${wrapOn}`;
  }

  /**
   * Empties the live region and goes to its first row. Never with ED from the top left corner:
   * tmux takes that for clearing the screen and copies the rows into its history.
   */
  #clear(columns: number): string {
    if (this.#painted.length === 0) return '\r';
    const above = Math.min(this.#rowsAboveCaret(columns), this.#output.rows - 1);
    const below = this.#painted.length > 1 ? `${down(1)}\r\x1b[J${up(1)}` : '';
    return `${up(above)}${clearRow}${below}`;
  }

  /** In a window that became smaller the first live lines may have left the screen at the top. */
  #noteScrolledOff(columns: number): void {
    let lostRows = this.#rowsAboveCaret(columns) - (this.#output.rows - 1);
    const lost = this.#painted.findIndex((line) => {
      if (lostRows <= 0) return true;
      lostRows -= rowsOf(line, columns);
      return false;
    });
    if (lost > 0) this.#scrolledOff = this.#painted.slice(0, lost);
  }

  /** What is printed next begins, as a rule, with the lines that are in the scrollback already. */
  #withoutScrolledOff(commit: readonly string[]): readonly string[] {
    if (commit.length === 0 || this.#scrolledOff.length === 0) return commit;
    const lost = this.#scrolledOff;
    this.#scrolledOff = [];
    const isThere = lost.every((line, index) => line === commit[index]?.trimEnd());
    return isThere ? commit.slice(lost.length) : commit;
  }

  /** After a change of width the terminal has wrapped the old lines anew: they take more rows. */
  #rowsAboveCaret(columns: number): number {
    if (columns >= this.#columns || !this.#isCountSure) return this.#caret.row;
    const before = this.#painted.slice(0, this.#caret.row);
    const rows = before.map((line) => rowsOf(line, columns));
    const inCaretLine = this.#options.rewrapsCaretLine
      ? Math.floor(this.#caret.column / columns)
      : 0;
    return rows.reduce((sum, one) => sum + one, 0) + inCaretLine;
  }

  /**
   * Only the rows that differ, or '' when none does. Ends where the caret was, at a position that the
   * terminal itself has kept: when it was resized a moment ago, counting back would end elsewhere.
   * Where rows are added the screen may scroll, so there it ends in the last live row.
   */
  #diff(live: readonly string[]): string {
    const old = this.#painted;
    let row = this.#caret.row;
    let written = '';
    const goTo = (target: number): string => {
      const move = `${up(row - target)}${down(target - row)}`;
      row = target;
      return move;
    };
    for (const [index, line] of live.entries()) {
      if (index < old.length) {
        if (line !== old[index]) written += `${goTo(index)}${clearRow}${line}\x1b[0m`;
      } else {
        written += `${goTo(index - 1)}\r\n${clearRow}${line}\x1b[0m`;
        row = index;
      }
    }
    if (live.length < old.length) {
      written += `${goTo(live.length - 1)}${down(1)}\r\x1b[J${up(1)}`;
    }
    if (written === '') return '';
    if (live.length <= old.length)
      return `${saveCaret}${wrapOff}${written}${wrapOn}${restoreCaret}`;
    return `${wrapOff}${written}${goTo(live.length - 1)}${wrapOn}`;
  }
}

/** Rows that the terminal gives a line. */
function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(visibleWidth(line) / columns));
}

function placeCaret(
  cursor: { readonly row: number; readonly column: number },
  hidden: number,
  liveLines: number,
): { row: number; column: number } {
  const row = Math.min(Math.max(0, cursor.row - hidden), Math.max(0, liveLines - 1));
  return { row, column: cursor.column };
}
