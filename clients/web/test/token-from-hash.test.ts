import assert from 'node:assert/strict';
import { it } from 'node:test';
import { tokenFromHash } from '../src/session/token-from-hash.ts';

it('takes the token of a link, with the characters that links escape', () => {
  assert.equal(tokenFromHash('#token=abc'), 'abc');
  assert.equal(tokenFromHash('#view=list&token=a%2Bb%3D'), 'a+b=');
  assert.equal(tokenFromHash('#token=a+b'), 'a+b', 'a plus sign is no blank here');
});

it('finds no token where there is none', () => {
  assert.equal(tokenFromHash(''), null);
  assert.equal(tokenFromHash('#token='), null);
  assert.equal(tokenFromHash('#notatoken=abc'), null);
});

it('keeps a token that is not escaped rightly as it stands', () => {
  assert.equal(tokenFromHash('#token=50%'), '50%');
});
