import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titleFrom } from '../src/app/title.ts';

test('a title holds nothing that moves a cursor or turns text round', () => {
  const esc = String.fromCharCode(27);
  assert.equal(
    titleFrom(`${esc}]0;Whales${esc}[2J and \u202ethe sea\r\nmore`),
    ']0;Whales[2J and the sea',
  );
});
