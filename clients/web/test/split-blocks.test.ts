import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { emptySplit, type SplitText, splitBlocks } from '../src/markdown/split-blocks.ts';

const joined = ({ closed, open }: SplitText): string => closed.join('') + open;

it('closes a block when the next one begins, and keeps its blank lines', () => {
  assert.deepEqual(splitBlocks('One\n\nTwo'), { closed: ['One\n\n'], open: 'Two' });
});

it('keeps code with blank lines in one block', () => {
  const text = '```ts\na\n\nb\n```\n\nafter';
  assert.deepEqual(splitBlocks(text), { closed: ['```ts\na\n\nb\n```\n\n'], open: 'after' });
});

it('leaves a list open while more of it may come', () => {
  assert.deepEqual(splitBlocks('- a\n\n'), { closed: [], open: '- a\n\n' });
});

it('starts over when the text is another one', () => {
  const earlier = splitBlocks('One\n\nTwo');
  assert.deepEqual(splitBlocks('Three\n\nFour', earlier), { closed: ['Three\n\n'], open: 'Four' });
});

it('never loses or doubles a character of a growing text, and never changes a closed block', () => {
  const piece = fc.constantFrom(
    'word ',
    '\n',
    '\n\n',
    '```',
    '- ',
    '# ',
    '| a |',
    '\t',
    '> ',
    '**',
    '1. ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      let text = '';
      let split = emptySplit;
      for (const next of pieces) {
        text += next;
        const after = splitBlocks(text, split);
        assert.equal(joined(after), text);
        assert.deepEqual(after.closed.slice(0, split.closed.length), split.closed);
        split = after;
      }
    }),
  );
});
