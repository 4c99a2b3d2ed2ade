import { visibleWidth, wrapTextWithAnsi } from '../screen/pi-tui.ts';

/**
 * Wraps a line so that what continues it stands under the text and not under the label: behind its
 * leading spaces, or behind the first two spaces in a row (`task         coding, simple`).
 */
export function wrapHanging(line: string, width: number): string[] {
  const label = /^(?: {2,}|.{1,40}? {2,})(?=\S)/.exec(line)?.[0] ?? '';
  const indent = visibleWidth(label);
  if (indent === 0 || indent > width / 2) return wrapTextWithAnsi(line, width);
  const [first = '', ...rest] = wrapTextWithAnsi(line.slice(label.length), width - indent);
  return [`${label}${first}`, ...rest.map((one) => `${' '.repeat(indent)}${one}`)];
}
