import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { waitFor } from '@mosaic/test-kit';
import type { Pty } from '@mosaic/test-kit/pty';
import {
  beginAnswer,
  markedBlock,
  markOf,
  marksIn,
  marksUpTo,
  type WrittenAnswer,
} from './marked-answer.ts';
import { openTmux, type Tmux } from './tmux.ts';
import { openTui, program, startTui, tuiEnvironment } from './tui-program.ts';

const lines = 5_000;
const blocks = lines / 10;
/** Blocks after which the window gets another size, in the middle of the stream. */
const sizes: ReadonlyMap<number, readonly [number, number]> = new Map([
  [90, [40, 15]],
  [200, [120, 40]],
  [301, [80, 24]],
]);

interface Window {
  /** Resolves when everything up to this text is drawn. */
  seen(text: string): Promise<unknown>;
  resize(columns: number, rows: number): unknown;
}

/** Streams all marked lines; the window changes its size three times meanwhile. */
async function streamInto(answer: WrittenAnswer, window: Window): Promise<void> {
  for (let block = 0; block < blocks; block += 1) {
    answer.write(markedBlock(block));
    if (block % 25 === 0) await setTimeout(5);
    const size = sizes.get(block);
    if (size === undefined) continue;
    // Whoever resizes in the middle of a frame gets leftovers: what is sent must be drawn.
    await window.seen(markOf(block * 10 + 9));
    await setTimeout(150);
    await window.resize(...size);
    await setTimeout(150);
  }
  await window.seen(markOf(lines - 1));
  answer.end();
  await window.seen('out · $0.014');
}

const rowsOf = (pty: Pty): readonly string[] => [...pty.scrollback(), ...pty.screen()];

function assertNothingWiped(written: string): void {
  assert.equal(written.includes('\x1b[3J'), false);
  assert.equal(written.includes('\x1b[2J'), false);
}

test('5,000 lines, streamed, resized meanwhile and resumed, are each there once', async () => {
  await using tui = await startTui({ cols: 80, rows: 24 });
  await tui.pty.waitForText('online');
  tui.pty.type('go\r');
  const answer = await beginAnswer(tui.peer);
  await streamInto(answer, {
    seen: (text) => tui.pty.waitForText(text),
    resize: (columns, rows) => tui.pty.resize(columns, rows),
  });
  assert.deepEqual(marksIn(rowsOf(tui.pty)), marksUpTo(lines));
  assertNothingWiped(tui.pty.output());
  const again = openTui(tui.peer.url, tui.dataDir, { cols: 100, rows: 30 });
  try {
    await again.waitForText('out · $0.014');
    assert.deepEqual(marksIn(rowsOf(again)), marksUpTo(lines));
    assertNothingWiped(again.output());
  } finally {
    await again.close();
  }
});

/** Starts the program by the shell in tmux, below fifty lines that were there before. */
async function startInTmux(tmux: Tmux, url: string, dataDir: string): Promise<void> {
  const env = Object.entries({ ...tuiEnvironment(dataDir), TERM_PROGRAM: 'tmux' });
  const settings = env.map(([name, value]) => `${name}='${value}'`).join(' ');
  // Typed before the shell is there, its prompt would stand in front of the first line.
  await tmux.waitFor('$');
  await tmux.keys('for i in $(seq 50); do echo before-$i.; done', 'Enter');
  await tmux.waitFor('before-50.');
  await tmux.keys(`${settings} ${process.execPath} ${program} tui --url ${url}`, 'Enter');
  await tmux.waitFor('online');
}

test('in tmux too, with what the shell had written before, and the shell comes back', async () => {
  await using tui = await startTui({ cols: 40, rows: 15 });
  await using tmux = await openTmux(80, 24);
  await startInTmux(tmux, tui.peer.url, `${tui.dataDir}/tmux`);
  await tmux.keys('go', 'Enter');
  const answer = await beginAnswer(tui.peer);
  await streamInto(answer, { seen: tmux.waitFor, resize: tmux.resize });
  const before = Array.from({ length: 50 }, (_, index) => `before-${index + 1}.`);
  const shown = await tmux.everything();
  assert.deepEqual(marksIn(shown), marksUpTo(lines));
  assert.deepEqual(shown.join('\n').match(/^before-\d+\./gm), before);
  await tmux.keys('/quit', 'Enter');
  await waitFor(async () => (await tmux.screen()).trimEnd().endsWith('$'));
  assert.deepEqual(marksIn(await tmux.everything()), marksUpTo(lines));
});

test('what is typed is seen while an answer is being written', async () => {
  await using tui = await startTui({ cols: 80, rows: 24 });
  await tui.pty.waitForText('online');
  tui.pty.type('go\r');
  const answer = await beginAnswer(tui.peer);
  let isTyped = false;
  const writing = (async () => {
    for (let block = 0; !isTyped && block < 4_000; block += 1) {
      answer.write(markedBlock(block));
      await setTimeout(10);
    }
  })();
  await tui.pty.waitForText(/mark\d{5}\./);
  tui.pty.type('typed 漢字 meanwhile');
  await tui.pty.waitForText('typed 漢字 meanwhile');
  assert.equal(tui.pty.screen().join('\n').includes('out · $'), false);
  isTyped = true;
  await writing;
});

/** Everything that a model might try on a terminal, and scripts that are hard to draw. */
const hostile = [
  'before\x1b[2J\x1b[3J\x1b[H wiped?',
  '\x1b]0;owned\x07 title, \x1b]52;c;b3duZWQ=\x07 clipboard, \x9b31m eight bits',
  'עברית ועוד \u202egnp.exe\u202c, عربي 漢字かな 🎉👩‍👩‍👧 e\u0301 ไทย',
  '```\n\x1b[?1049h code \x1bc\n```',
].join('\n\n');

const forbidden = [
  ...[
    '\x1b[2J',
    '\x1b[3J',
    '\x1b[H',
    '\x1b]0',
    '\x1b]52',
    '\x9b',
    '\x1bc',
    '\x1b[?1049',
    '\u202e',
    '\u202c',
  ],
];

for (const [cols, rows] of [
  [80, 24],
  [40, 15],
] as const) {
  test(`a model can't steer a terminal of ${cols} by ${rows}, whatever it writes`, async () => {
    await using tui = await startTui({ cols, rows });
    await tui.pty.waitForText('online');
    const before = tui.pty.output().length;
    tui.pty.type('go\r');
    const answer = await beginAnswer(tui.peer);
    // Cut everywhere: a sequence that arrives in two pieces is none either.
    for (const character of hostile) answer.write(character);
    answer.end();
    await tui.pty.waitForText('out · $0.014');
    const written = tui.pty.output().slice(before);
    for (const sequence of forbidden) assert.equal(written.includes(sequence), false);
    const shown = rowsOf(tui.pty).join('\n');
    for (const word of ['before', 'clipboard', '漢字かな', 'ไทย', 'code'])
      assert.ok(shown.includes(word));
    assert.ok(shown.includes('␛[2J'));
  });
}
