import { Lexer, type Token } from 'marked';
import { Markdown } from '../screen/pi-tui.ts';
import { neutraliseControls } from '../text/neutralise-controls.ts';
import {
  closesFence,
  codeLine,
  type Fence,
  fenceLine,
  mayCloseFence,
  openFence,
} from './fenced-code.ts';
import { markdownTheme } from './markdown-theme.ts';

export interface RenderedMarkdown {
  /** Lines of blocks that have closed since the last call; they never change again. */
  readonly closed: readonly string[];
  /** Lines of the block that is still being written. */
  readonly open: readonly string[];
}

/**
 * Markdown that arrives piece by piece. Only the tail is ever read again: a block that something else
 * follows is rendered once and handed out as closed. Code is handed out line by line, because its
 * lines cannot change; everything else stays open until its block ends.
 */
export class StreamingMarkdown {
  /** How much of the raw text has been taken into `#tail` or handed out. */
  #taken = 0;
  #tail = '';
  #fence: Fence | null = null;
  #hasOutput = false;

  /** Whether `text` continues what has been shown so far. */
  continues(text: string): boolean {
    return text.length >= this.#taken;
  }

  /** Takes the whole text so far. `isFinal` closes everything. Lines are at most `width` wide, code excepted. */
  render(text: string, { width, isFinal }: { width: number; isFinal: boolean }): RenderedMarkdown {
    this.#tail += neutraliseControls(text.slice(this.#taken));
    this.#taken = text.length;
    const closed: string[] = [];
    while (this.#closeNext({ closed, width, isFinal })) {}
    return { closed, open: isFinal ? [] : this.#renderOpen(width) };
  }

  /** Moves one closed block (or all closed code lines) from the tail to `closed`. */
  #closeNext(step: { closed: string[]; width: number; isFinal: boolean }): boolean {
    if (this.#fence !== null) return this.#closeCode(step, this.#fence);
    this.#dropBlankLines();
    const opening = openFence(firstLine(this.#tail, step.isFinal));
    if (opening !== null) {
      this.#fence = opening.fence;
      this.#tail = this.#tail.slice(opening.length);
      this.#put(step.closed, [fenceLine(opening.language)]);
      return true;
    }
    const block = firstClosedBlock(this.#tail, step.isFinal);
    if (block === '') return false;
    this.#tail = this.#tail.slice(block.length);
    this.#put(step.closed, renderBlock(block, step.width));
    return true;
  }

  /** Line by line from the front: the rest of a long answer is not looked at. */
  #closeCode({ closed, isFinal }: { closed: string[]; isFinal: boolean }, fence: Fence): boolean {
    let at = 0;
    for (let end = this.#tail.indexOf('\n'); end !== -1; end = this.#tail.indexOf('\n', at)) {
      const line = this.#tail.slice(at, end);
      at = end + 1;
      if (closesFence(line, fence)) return this.#endCode(closed, at);
      closed.push(codeLine(line));
    }
    this.#tail = this.#tail.slice(at);
    if (!isFinal) return false;
    if (this.#tail !== '' && !closesFence(this.#tail, fence)) closed.push(codeLine(this.#tail));
    return this.#endCode(closed, this.#tail.length);
  }

  #endCode(closed: string[], restAt: number): boolean {
    closed.push(fenceLine(''));
    this.#fence = null;
    this.#tail = this.#tail.slice(restAt);
    return this.#tail !== '';
  }

  #renderOpen(width: number): string[] {
    if (this.#fence !== null) {
      const isCode = this.#tail !== '' && !mayCloseFence(this.#tail, this.#fence);
      return isCode ? [codeLine(this.#tail)] : [];
    }
    const lines = renderBlock(this.#tail, width);
    return this.#hasOutput && lines.length > 0 ? ['', ...lines] : lines;
  }

  #put(closed: string[], lines: readonly string[]): void {
    if (lines.length === 0) return;
    if (this.#hasOutput) closed.push('');
    closed.push(...lines);
    this.#hasOutput = true;
  }

  #dropBlankLines(): void {
    this.#tail = this.#tail.replace(/^(?:[ \t]*\n)+/, '');
  }
}

/** The first line with its end; '' while that may still come. */
function firstLine(tail: string, isFinal: boolean): string {
  const end = tail.indexOf('\n');
  if (end !== -1) return tail.slice(0, end + 1);
  return isFinal ? `${tail}\n` : '';
}

/** Blocks that a blank line ends for certain; lists and quotes may go on behind one. */
const endedByBlankLine: readonly string[] = ['paragraph', 'heading', 'hr', 'table'];

/** Longer than nearly every block. */
const firstReadChars = 4_096;

/**
 * The source of the first block when it can't grow any more, else ''. Reads no more of the tail than
 * it needs: reading all of a long answer again for each of its blocks took 9 s for 5,000 lines.
 */
function firstClosedBlock(tail: string, isFinal: boolean): string {
  for (let chars = firstReadChars; chars < tail.length; chars *= 4) {
    const block = closedBlockOf(tail.slice(0, chars), false);
    if (block !== '') return block;
  }
  return closedBlockOf(tail, isFinal);
}

function closedBlockOf(tail: string, isFinal: boolean): string {
  const tokens: Token[] = Lexer.lex(tail);
  const [first, second, third] = tokens;
  if (first === undefined) return '';
  if (first.type === 'space') return first.raw;
  const isOver =
    isFinal ||
    (second !== undefined && second.type !== 'space') ||
    (second?.type === 'space' && third !== undefined) ||
    (second?.type === 'space' && endedByBlankLine.includes(first.type));
  return isOver ? first.raw : '';
}

function renderBlock(source: string, width: number): string[] {
  if (source.trim() === '') return [];
  const lines = new Markdown(source, 0, 0, markdownTheme).render(width).map(trimLine);
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Without the spaces that fill the row: they would wrap when the window gets narrower. */
function trimLine(line: string): string {
  const styles = trailingStyles(line);
  return `${line.slice(0, line.length - styles.length).trimEnd()}${styles}`;
}

/** The SGR sequences at the end of a line. */
function trailingStyles(line: string): string {
  let start = line.length;
  for (;;) {
    const sequence = line.lastIndexOf('\x1b[', start - 1);
    if (sequence === -1 || !/^[0-9;]*m$/.test(line.slice(sequence + 2, start))) break;
    start = sequence;
  }
  return line.slice(start);
}
