import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutToFit, withoutMarkdown } from '../src/app/channel/channel-answer.ts';

test('a long text is cut at words, and nothing of it is lost', () => {
  const text = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
  const pieces = cutToFit(text, 50);
  assert.ok(pieces.every((piece) => piece.length <= 50));
  assert.equal(pieces.join(' '), text);
});

test('a text without any gap is cut all the same, never through a character', () => {
  const pieces = cutToFit('😀'.repeat(10), 5);
  assert.equal(pieces.join(''), '😀'.repeat(10));
  assert.ok(pieces.every((piece) => piece.isWellFormed()));
});

test('marks go and words stay', () => {
  const text = '# Title\n\n**Bold** and `code`, see [here](https://x.example).\n```js\nrun()\n```';
  assert.equal(
    withoutMarkdown(text).trim(),
    'Title\n\nBold and code, see here (https://x.example).\nrun()',
  );
});
