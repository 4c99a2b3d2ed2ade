import { decodeKittyPrintable, matchesKey, truncateToWidth } from '../../screen/pi-tui.ts';
import { dim } from '../../screen/style.ts';

export interface PagerTerminal {
  write(data: string): void;
  readonly columns: number;
  readonly rows: number;
}

export interface PagerOptions {
  readonly title: string;
  /** The lines for a width; asked again when it changes. */
  readonly lines: (width: number) => readonly string[];
  onClose(): void;
}

const enterAlternate = '\x1b[?1049h\x1b[?25l';
const leaveAlternate = '\x1b[?1049l\x1b[?25h';

/**
 * Long things in the alternate screen: nothing of it gets into the scrollback, and the terminal brings
 * back what was there before. Rows are rewritten one by one, so it never clears a screen either.
 */
export class Pager {
  readonly #terminal: PagerTerminal;
  readonly #options: PagerOptions;
  #lines: readonly string[] = [];
  #columns = 0;
  #top = Number.MAX_SAFE_INTEGER;

  constructor(terminal: PagerTerminal, options: PagerOptions) {
    this.#terminal = terminal;
    this.#options = options;
  }

  /** Begins at the end: what happened last is what people look for. */
  open(): void {
    this.#terminal.write(enterAlternate);
    this.paint();
  }

  paint(): void {
    const { columns, rows } = this.#terminal;
    if (columns !== this.#columns) this.#lines = this.#options.lines(columns);
    this.#columns = columns;
    const shown = Math.max(1, rows - 1);
    this.#top = Math.max(0, Math.min(this.#top, this.#lines.length - shown));
    const body = Array.from({ length: shown }, (_, row) => this.#lines[this.#top + row] ?? '');
    const last = Math.min(this.#top + shown, this.#lines.length);
    const status = `${this.#options.title} · ${last}/${this.#lines.length} · ↑↓ PgUp PgDn Home End · q leaves`;
    const all = [...body, dim(status)].map((line) => truncateToWidth(line, columns, '…'));
    this.#terminal.write(
      all.map((line, row) => `\x1b[${row + 1};1H\x1b[2K${line}\x1b[0m`).join(''),
    );
  }

  handleInput(data: string): void {
    const page = Math.max(1, this.#terminal.rows - 2);
    const character = decodeKittyPrintable(data) ?? data;
    if (closingKeys.some((key) => matchesKey(data, key)) || character === 'q') {
      this.close();
      this.#options.onClose();
      return;
    }
    if (matchesKey(data, 'up') || character === 'k') this.#top -= 1;
    else if (matchesKey(data, 'down') || character === 'j') this.#top += 1;
    else if (matchesKey(data, 'pageUp')) this.#top -= page;
    else if (matchesKey(data, 'pageDown') || character === ' ') this.#top += page;
    else if (matchesKey(data, 'home') || character === 'g') this.#top = 0;
    else if (matchesKey(data, 'end') || character === 'G') this.#top = this.#lines.length;
    else return;
    this.paint();
  }

  /** Also for a program that ends: the shell gets its own screen back. */
  close(): void {
    this.#terminal.write(leaveAlternate);
  }
}

const closingKeys = ['escape', 'ctrl+o', 'ctrl+c'] as const;
