import { visibleWidth, wrapTextWithAnsi } from '../screen/pi-tui.ts';

/** Where the text stands when its label leaves it no room beside itself. */
const belowLabel = '    ';

/**
 * Wraps a line so that what continues it stands under the text and not under the label: behind its
 * leading spaces and behind the first two spaces in a row (`task         coding, simple`). A label that
 * takes more than half of the screen stands alone, with the text below it.
 */
export function wrapHanging(line: string, width: number): string[] {
  const label = /^ *(?:\S.{0,39}? {2,})?(?=\S)/.exec(line)?.[0] ?? '';
  const indent = visibleWidth(label);
  const text = line.slice(label.length);
  if (indent === 0 || visibleWidth(line) <= width) return wrapTextWithAnsi(line, width);
  if (indent <= width / 2) {
    const [first = '', ...rest] = wrapTextWithAnsi(text, width - indent);
    return [`${label}${first}`, ...rest.map((one) => `${' '.repeat(indent)}${one}`)];
  }
  const below = wrapTextWithAnsi(text, Math.max(1, width - belowLabel.length));
  return [
    ...wrapTextWithAnsi(label.trimEnd(), width),
    ...below.map((one) => `${belowLabel}${one}`),
  ];
}

/** Breaks a line of short facts (`gpt-5.4 · pinned by you · 1.2 s`) between two of them. */
export function wrapFacts(line: string, width: number): string[] {
  const lines: string[] = [];
  let open = '';
  for (const fact of line.split(' · ')) {
    const longer = open === '' ? fact : `${open} · ${fact}`;
    if (visibleWidth(longer) > width && open !== '') {
      lines.push(open);
      open = fact;
    } else open = longer;
  }
  return [...lines, open].flatMap((one) => wrapTextWithAnsi(one, width));
}
