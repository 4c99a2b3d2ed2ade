// Draws docs/terminal.svg: the real terminal client against a running Mosaic, as a person sees it.
// Usage: npm run draw-terminal (with a demo Mosaic running on this machine).
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';

const cols = 100;
const rows = 27;
const cell = { width: 8.4, height: 18 };
const background = '#16161e';
const foreground = '#d5d8e4';
const palette = [
  '#3b3f51',
  '#f07178',
  '#9ece6a',
  '#e0af68',
  '#7aa2f7',
  '#bb9af7',
  '#73daca',
  '#c8ccd8',
  '#6b7089',
  '#ff8b92',
  '#b5e08a',
  '#f2c885',
  '#9ab8ff',
  '#d0b5ff',
  '#93efe0',
  '#ffffff',
];

const root = join(import.meta.dirname, '..');
const terminal = new headless.Terminal({ cols, rows, scrollback: 0, allowProposedApi: true });
const child = spawn(process.execPath, [join(root, 'deploy/local/src/main.ts'), 'tui'], {
  cols,
  rows,
  name: 'xterm-256color',
  env: { ...process.env, COLORTERM: 'truecolor' },
});
child.onData((data) => terminal.write(data));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function shownText(): string {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: rows }, (_, row) => active.getLine(active.viewportY + row));
  return lines.map((line) => line?.translateToString(true) ?? '').join('\n');
}

/** However busy the machine is. */
async function waitUntilShown(text: RegExp): Promise<void> {
  for (let waitedMs = 0; waitedMs < 60_000 && !text.test(shownText()); waitedMs += 100) {
    await pause(100);
  }
}

await waitUntilShown(/online/);
const steps: readonly (readonly [string, RegExp])[] = [
  ['/new', /new conversation/],
  ['Write a Python one-liner that reverses a string.', /auto → .* in \/ /],
];
for (const [text, shown] of steps) {
  child.write(text);
  await pause(200);
  child.write('\r');
  await waitUntilShown(shown);
}
await pause(1_000);
await writeFile(join(root, 'docs/terminal.svg'), drawScreen());
child.write('\x04');
await pause(500);
child.kill();

function drawScreen(): string {
  const lines = Array.from({ length: rows }, (_, row) => drawLine(row)).join('');
  const size = { width: cols * cell.width + 32, height: rows * cell.height + 32 };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Mosaic in a terminal"><rect width="100%" height="100%" rx="10" fill="${background}"/><g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">${lines}</g></svg>\n`;
}

/** Text of one row in runs of one look; each run is stretched to its cells, whatever the font. */
function drawLine(row: number): string {
  const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
  const runs: { text: string; look: string; column: number; width: number }[] = [];
  for (let column = 0; column < cols; column += 1) {
    const one = line?.getCell(column);
    if (one === undefined || one.getWidth() === 0) continue;
    const look = lookOf(one);
    const last = runs.at(-1);
    if (last?.look === look) {
      last.text += one.getChars() || ' ';
      last.width += one.getWidth();
    } else runs.push({ text: one.getChars() || ' ', look, column, width: one.getWidth() });
  }
  return runs
    .map(trimmed)
    .filter((run) => run.text !== '')
    .map((run) => {
      const x = (16 + run.column * cell.width).toFixed(1);
      const y = (16 + (row + 0.75) * cell.height).toFixed(1);
      const length = (run.width * cell.width).toFixed(1);
      return `<text x="${x}" y="${y}" textLength="${length}" ${run.look}>${xmlText(run.text)}</text>`;
    })
    .join('');
}

interface Run {
  readonly text: string;
  readonly look: string;
  readonly column: number;
  readonly width: number;
}

/** Blanks at the ends would be stretched, or dropped, by the one who draws. */
function trimmed({ text, look, column, width }: Run): Run {
  const before = text.length - text.trimStart().length;
  const after = text.length - text.trimEnd().length;
  return { text: text.trim(), look, column: column + before, width: width - before - after };
}

type Cell = NonNullable<
  ReturnType<NonNullable<ReturnType<typeof terminal.buffer.active.getLine>>['getCell']>
>;

function lookOf(one: Cell): string {
  const color = one.isFgRGB()
    ? `#${one.getFgColor().toString(16).padStart(6, '0')}`
    : one.isFgPalette()
      ? (palette[one.getFgColor()] ?? paletteColor(one.getFgColor()))
      : foreground;
  const weight = one.isBold() ? ' font-weight="600"' : '';
  const slant = one.isItalic() ? ' font-style="italic"' : '';
  const dim = one.isDim() ? ' opacity="0.6"' : '';
  return `fill="${color}"${weight}${slant}${dim}`;
}

/** The 6×6×6 cube and the greys of the 256-colour palette. */
function paletteColor(index: number): string {
  if (index >= 232) return `rgb(${[0, 0, 0].map(() => 8 + (index - 232) * 10).join(',')})`;
  const level = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const cube = index - 16;
  return `rgb(${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level).join(',')})`;
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
