import assert from 'node:assert/strict';
import { test } from 'node:test';
import headless from '@xterm/headless';
import { InlineScreen } from '../../src/screen/inline-screen.ts';

/** A terminal emulator that remembers what was written to it. */
class Emulator {
  readonly terminal: headless.Terminal;
  written = '';

  constructor(columns: number, rows: number) {
    this.terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback: 20_000,
      allowProposedApi: true,
    });
  }

  /** The height that the program still believes in, when it has not heard of a change yet. */
  believedRows: number | null = null;

  get columns(): number {
    return this.terminal.cols;
  }

  get rows(): number {
    return this.believedRows ?? this.terminal.rows;
  }

  write(data: string): void {
    this.written += data;
    this.terminal.write(data);
  }

  /** Scrollback and screen, lines that the terminal wrapped joined again. */
  async lines(): Promise<string[]> {
    await new Promise<void>((resolve) => this.terminal.write('', resolve));
    const { active } = this.terminal.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row += 1) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped === true) lines.push(`${lines.pop() ?? ''}${text}`);
      else lines.push(text);
    }
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  async resize(columns: number, rows: number): Promise<void> {
    await new Promise<void>((resolve) => this.terminal.write('', resolve));
    this.terminal.resize(columns, rows);
  }
}

/** CSI 2 J and CSI 3 J: clear the screen, clear the scrollback. */
function assertNothingWiped({ written }: Emulator): void {
  assert.ok(!written.includes('\x1b[2J') && !written.includes('\x1b[3J'));
}

const options = { rewrapsCaretLine: false };
const prompt = ['──────', '> typed', '──────', 'footer'];
const caret = { row: 1, column: 7 };

test('streams a thousand lines: each is there once, in order, and nothing is ever wiped', async () => {
  const emulator = new Emulator(80, 24);
  for (let line = 0; line < 200; line += 1) emulator.write(`shell ${line}\r\n`);
  const screen = new InlineScreen(emulator, options);
  let tail: string[] = [];
  for (let line = 0; line < 1_000; line += 1) {
    tail.push(`marker ${line} |`);
    const isClosed = line % 7 === 6;
    const cursor = { row: caret.row + (isClosed ? 0 : tail.length), column: caret.column };
    const live = isClosed ? prompt : [...tail, ...prompt];
    screen.paint({ commit: isClosed ? tail : [], live, cursor });
    if (isClosed) tail = [];
  }
  screen.paint({ commit: tail, live: prompt, cursor: caret });
  const lines = await emulator.lines();
  const shell = Array.from({ length: 200 }, (_, line) => `shell ${line}`);
  const markers = Array.from({ length: 1_000 }, (_, line) => `marker ${line} |`);
  assert.deepEqual(lines, [...shell, ...markers, ...prompt]);
  assertNothingWiped(emulator);
});

test('the caret stands in the editor and is visible', async () => {
  const emulator = new Emulator(40, 10);
  const screen = new InlineScreen(emulator, options);
  screen.paint({ commit: ['hello'], live: ['status', ...prompt], cursor: { row: 2, column: 7 } });
  await emulator.lines();
  const { active } = emulator.terminal.buffer;
  assert.deepEqual([active.cursorY, active.cursorX], [3, 7]);
  assert.ok(emulator.written.endsWith('\x1b[?25h\x1b[?2026l'));
});

test('rewrites only the rows that changed, and writes nothing when none did', () => {
  const emulator = new Emulator(40, 10);
  const screen = new InlineScreen(emulator, options);
  screen.paint({ commit: [], live: ['one', ...prompt], cursor: { row: 2, column: 7 } });
  emulator.written = '';
  screen.paint({ commit: [], live: ['two', ...prompt], cursor: { row: 2, column: 7 } });
  assert.ok(emulator.written.includes('two'));
  assert.ok(!emulator.written.includes('footer'));
  emulator.written = '';
  screen.paint({ commit: [], live: ['two', ...prompt], cursor: { row: 2, column: 7 } });
  assert.equal(emulator.written, '');
});

test('a live region that is too tall shows its end', async () => {
  const emulator = new Emulator(40, 8);
  const screen = new InlineScreen(emulator, options);
  const live = Array.from({ length: 30 }, (_, line) => `line ${line}`);
  screen.paint({ commit: [], live, cursor: null });
  screen.paint({ commit: ['done'], live: ['prompt'], cursor: null });
  assert.deepEqual(await emulator.lines(), ['done', 'prompt']);
});

test('a live region that shrinks leaves nothing behind', async () => {
  const emulator = new Emulator(40, 12);
  const screen = new InlineScreen(emulator, options);
  screen.paint({ commit: ['above'], live: ['a', 'b', 'c', 'd', 'e'], cursor: null });
  screen.paint({ commit: [], live: ['x'], cursor: null });
  assert.deepEqual(await emulator.lines(), ['above', 'x']);
});

test('resizing while it streams loses no line and doubles none', async () => {
  const emulator = new Emulator(120, 30);
  for (let line = 0; line < 50; line += 1) emulator.write(`shell ${line}\r\n`);
  const screen = new InlineScreen(emulator, options);
  const sizes = [
    [100, 30],
    [60, 20],
    [40, 15],
    [90, 40],
    [60, 24],
    [120, 30],
  ] as const;
  for (let line = 0; line < 600; line += 1) {
    const size: readonly [number, number] | undefined = sizes[line / 100];
    if (size !== undefined) await emulator.resize(size[0], size[1]);
    const bar = '─'.repeat(emulator.columns);
    const tail = `growing ${'word '.repeat(30)}`.slice(0, emulator.columns);
    const live = [tail, tail, bar, '> typed', bar, 'footer'];
    screen.paint({ commit: [`marker ${line} |`], live, cursor: { row: 3, column: 7 } });
  }
  screen.paint({ commit: [], live: prompt, cursor: caret });
  const lines = await emulator.lines();
  const shell = Array.from({ length: 50 }, (_, line) => `shell ${line}`);
  const markers = Array.from({ length: 600 }, (_, line) => `marker ${line} |`);
  assert.deepEqual(lines, [...shell, ...markers, ...prompt]);
  assertNothingWiped(emulator);
});

test('live lines that a smaller window pushed out at the top are not printed a second time', async () => {
  const emulator = new Emulator(80, 24);
  const screen = new InlineScreen(emulator, options);
  const open = Array.from({ length: 16 }, (_, line) => `- item ${line}.`);
  const cursor = { row: open.length + 1, column: 7 };
  screen.paint({ commit: ['kept'], live: [...open, ...prompt], cursor });
  await emulator.resize(40, 12);
  screen.paint({ commit: [], live: [...open.slice(-6), ...prompt], cursor: { row: 7, column: 7 } });
  screen.paint({ commit: open, live: prompt, cursor: caret });
  assert.deepEqual(await emulator.lines(), ['kept', ...open, ...prompt]);
});

test('a small frame leaves the caret where it was, even when rows below it are gone', async () => {
  const emulator = new Emulator(60, 20);
  const screen = new InlineScreen(emulator, options);
  const live = (status: string): string[] => [status, ...prompt];
  const cursor = { row: 2, column: 7 };
  screen.paint({ commit: ['kept'], live: live('one'), cursor });
  // The terminal has become so low that it dropped what was below the caret; we don't know yet.
  await emulator.resize(60, 4);
  const { cursorY } = emulator.terminal.buffer.active;
  emulator.believedRows = 20;
  screen.paint({ commit: [], live: live('two'), cursor });
  await emulator.lines();
  assert.equal(emulator.terminal.buffer.active.cursorY, cursorY);
});

test('closing takes the live region away and keeps what was printed', async () => {
  const emulator = new Emulator(40, 10);
  const screen = new InlineScreen(emulator, options);
  screen.paint({ commit: ['kept'], live: prompt, cursor: caret });
  screen.close();
  emulator.write('shell again');
  assert.deepEqual(await emulator.lines(), ['kept', 'shell again']);
});
