import { CURSOR_MARKER, visibleWidth } from '../../screen/pi-tui.ts';

export interface CaretInLines {
  readonly lines: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

/**
 * Finds pi-tui's zero-width marker of the caret and takes it out, with the block that the editor draws
 * there: the terminal's own caret stands in its place, where input methods expect it.
 */
export function takeCaret(lines: readonly string[]): CaretInLines {
  const row = lines.findIndex((line) => line.includes(CURSOR_MARKER));
  const line = lines[row];
  if (line === undefined) return { lines, cursor: null };
  const [before = '', after = ''] = line.split(CURSOR_MARKER);
  return {
    lines: lines.with(row, `${before}${withoutDrawnCaret(after)}`),
    cursor: { row, column: visibleWidth(before) },
  };
}

const inverse = '\x1b[7m';
const reset = '\x1b[0m';

function withoutDrawnCaret(text: string): string {
  if (!text.startsWith(inverse)) return text;
  const [drawn = '', ...rest] = text.slice(inverse.length).split(reset);
  return `${drawn}${rest.join(reset)}`;
}
