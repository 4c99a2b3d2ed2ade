import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripTerminalSequences, visibleWidth } from '@earendil-works/pi-tui';
import fc from 'fast-check';
import { StreamingMarkdown } from '../../src/markdown/streaming-markdown.ts';

const document = `# Title of it

Some **bold** text with \`code\`, 漢字かな交じり文 and emoji 👩‍👩‍👧 🎉 that is long enough to wrap.

- one
- two, which goes on for a while so that it has to be wrapped somewhere
  - nested

1. first
2. second

> a quote
> of two lines

| model | price |
|---|---|
| opus | $5 |

Before code:
\`\`\`ts
const a = 1;

\tconst b = '\`\`';
\`\`\`
After code.

---
The end`;

function renderWhole(text: string, width: number): readonly string[] {
  return new StreamingMarkdown().render(text, { width, isFinal: true }).closed;
}

function renderInPieces(pieces: readonly string[], width: number): readonly string[] {
  const markdown = new StreamingMarkdown();
  let text = '';
  const closed = pieces.flatMap((piece) => {
    text += piece;
    return markdown.render(text, { width, isFinal: false }).closed;
  });
  return [...closed, ...markdown.render(text, { width, isFinal: true }).closed];
}

for (const width of [20, 40, 80]) {
  test(`no line but code is wider than ${width} columns`, () => {
    const lines = renderWhole(document, width);
    const code = lines.filter((line) => line.startsWith('  '));
    for (const line of lines) {
      if (!code.includes(line)) assert.ok(visibleWidth(line) <= width, line);
    }
  });

  test(`text cut anywhere ends as the same lines at ${width} columns`, () => {
    const cuts = fc.uniqueArray(fc.nat(document.length), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (places) => {
        const sorted = [0, ...places.toSorted((left, right) => left - right), document.length];
        const pieces = sorted.map((start, index) => document.slice(start, sorted[index + 1]));
        assert.deepEqual(renderInPieces(pieces, width), renderWhole(document, width));
      }),
      { numRuns: 40 },
    );
  });
}

test('a block is handed out when the next one begins, and its tail stays open until then', () => {
  const markdown = new StreamingMarkdown();
  const options = { width: 80, isFinal: false };
  assert.deepEqual(markdown.render('First par', options), { closed: [], open: ['First par'] });
  const second = markdown.render('First paragraph.\n\nSec', options);
  assert.deepEqual(second, { closed: ['First paragraph.'], open: ['', 'Sec'] });
});

test('code is handed out line by line, without waiting for its end', () => {
  const markdown = new StreamingMarkdown();
  const shown = markdown.render('```js\nlet a;\nlet b', { width: 80, isFinal: false });
  assert.deepEqual(shown.closed.map(stripTerminalSequences), ['```js', '  let a;']);
  assert.deepEqual(shown.open, ['  let b']);
});

test('a long line of code stays one logical line, so that it can be copied whole', () => {
  const line = 'x'.repeat(300);
  const lines = renderWhole(`\`\`\`\n${line}\n\`\`\``, 40);
  assert.ok(lines.includes(`  ${line}`));
});

test('the end of a code block is not shown as code while it is being written', () => {
  const markdown = new StreamingMarkdown();
  const { open } = markdown.render('```\ncode\n``', { width: 40, isFinal: false });
  assert.deepEqual(open, []);
});

test('escape sequences of a model never reach the terminal', () => {
  const evil =
    'a\x1b[2Jb\n\n```\n\x1b]52;c;aGk=\x07\n```\n\n`\x1b[3J` &#27;[2J [x](http://e/\x1b[2J)';
  for (const line of renderWhole(evil, 80)) {
    const own = line.replaceAll(new RegExp(`${'\x1b'}\\[[0-9;]*m`, 'g'), '');
    assert.ok(!own.includes('\x1b'), JSON.stringify(line));
  }
});

test('lines carry no trailing spaces, which would wrap in a narrower window', () => {
  for (const line of renderWhole(document, 80)) {
    const text = stripTerminalSequences(line);
    if (!text.startsWith('  ')) assert.equal(text, text.trimEnd());
  }
});
