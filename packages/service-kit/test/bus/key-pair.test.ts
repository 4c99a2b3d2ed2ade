import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccount, createOperator, createUser, type KeyPair } from '@nats-io/jwt';
import { keyPairFrom } from '../../src/credentials/key-pair.ts';

const text = (pair: KeyPair) => new TextDecoder().decode(pair.getSeed());
const message = new TextEncoder().encode('what the server asks');

test('key pairs are those of the library, and each verifies what the other signed', () => {
  for (const create of [createOperator, createAccount, createUser]) {
    for (let round = 0; round < 5; round += 1) {
      const theirs = create();
      const ours = keyPairFrom(text(theirs));
      assert.equal(ours.getPublicKey(), theirs.getPublicKey());
      assert.deepEqual(ours.getPrivateKey(), theirs.getPrivateKey());
      assert.equal(text(ours), text(theirs));
      assert.deepEqual(ours.sign(message), theirs.sign(message));
      assert.ok(ours.verify(message, theirs.sign(message)));
      assert.ok(!ours.verify(message, create().sign(message)));
    }
  }
});

test('a text that is no seed is refused', () => {
  const seed = text(createUser());
  const flipped = `${seed.slice(0, 20)}${seed[20] === 'A' ? 'B' : 'A'}${seed.slice(21)}`;
  const { getPublicKey } = keyPairFrom(seed);
  for (const wrong of ['', 'SU', seed.slice(0, -2), flipped, seed.toLowerCase(), getPublicKey()]) {
    assert.throws(() => keyPairFrom(wrong), TypeError, wrong);
  }
});
