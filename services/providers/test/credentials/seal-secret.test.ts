import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { type MasterKey, parseMasterKeys } from '../../src/app/credentials/master-keys.ts';
import { makeSealer, type Sealed, type SealPlace } from '../../src/app/credentials/seal-secret.ts';

const newKey = () => randomBytes(32).toString('base64');
const [first, second] = [newKey(), newKey()];

function ring(...texts: readonly string[]): readonly [MasterKey, ...MasterKey[]] {
  const [newest, ...older] = parseMasterKeys(texts.join(',')) ?? [];
  assert.ok(newest);
  return [newest, ...older];
}

const secret = 'sk-ant-api03-very-secret-1234';
const place: SealPlace = { userId: 'ann', provider: 'anthropic', baseUrl: null };
const sealer = makeSealer(ring(first));
const sealed = sealer.seal(secret, place);

function flip(bytes: Buffer, index: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[index] = (changed.at(index) ?? 0) ^ 1;
  return changed;
}

test('opens what it sealed, in the place it was sealed for', () => {
  assert.deepEqual(sealer.open(sealed, place), { secret });
  assert.equal(sealed.sealed.includes(secret), false);
  assert.equal(sealed.nonce.length, 12);
  assert.equal(sealed.sealed.length, Buffer.byteLength(secret) + 16);
});

const wrong: readonly [string, Partial<Sealed>, Partial<SealPlace>][] = [
  ['a row moved to another user', {}, { userId: 'bob' }],
  ['a row moved to another vendor', {}, { provider: 'openai' }],
  ['another address', {}, { baseUrl: 'https://evil.example' }],
  ['a flipped bit of the ciphertext', { sealed: flip(sealed.sealed, 0) }, {}],
  ['a flipped bit of the tag', { sealed: flip(sealed.sealed, sealed.sealed.length - 1) }, {}],
  ['a flipped bit of the nonce', { nonce: flip(sealed.nonce, 5) }, {}],
  ['a tag cut short', { sealed: sealed.sealed.subarray(0, -4) }, {}],
  ['nothing at all', { sealed: Buffer.alloc(0) }, {}],
  ['a nonce of the wrong size', { nonce: Buffer.alloc(0) }, {}],
];
for (const [name, changes, elsewhere] of wrong) {
  test(`${name} does not open`, () => {
    const opened = sealer.open({ ...sealed, ...changes }, { ...place, ...elsewhere });
    assert.deepEqual(opened, { problem: 'not-authentic' });
  });
}

test('another master key under the same id does not open it', () => {
  const other = makeSealer(ring(second));
  const lying = { ...sealed, masterKeyId: other.newestId };
  assert.deepEqual(other.open(lying, place), { problem: 'not-authentic' });
});

test('an unknown master key is told apart from a changed row', () => {
  assert.deepEqual(makeSealer(ring(second)).open(sealed, place), { problem: 'unknown-master-key' });
});

test('after a change the newest key seals and the older still opens', () => {
  const both = makeSealer(ring(second, first));
  assert.deepEqual(both.open(sealed, place), { secret });
  const anew = both.seal(secret, place);
  assert.equal(anew.masterKeyId, both.newestId);
  assert.deepEqual(makeSealer(ring(second)).open(anew, place), { secret });
  assert.deepEqual(sealer.open(anew, place), { problem: 'unknown-master-key' });
});

test('one secret is sealed differently each time', () => {
  const all = Array.from({ length: 1_000 }, () => sealer.seal(secret, place));
  assert.equal(new Set(all.map(({ nonce }) => nonce.toString('hex'))).size, 1_000);
  assert.equal(new Set(all.map((one) => one.sealed.toString('hex'))).size, 1_000);
});

const texts: readonly [string, string, number | undefined][] = [
  ['none', '', 0],
  ['one', first, 1],
  ['one per line', `${first}\n${second}\n`, 2],
  ['one in the alphabet for addresses', randomBytes(32).toString('base64url'), 1],
  ['31 bytes', randomBytes(31).toString('base64'), undefined],
  ['33 bytes', randomBytes(33).toString('base64'), undefined],
  ['a password', 'correct horse battery staple', undefined],
  ['hex', randomBytes(32).toString('hex'), undefined],
  ['a good one and a bad one', `${first},short`, undefined],
];
for (const [name, text, count] of texts) {
  test(`master keys from ${name}: ${count ?? 'refused'}`, () => {
    assert.equal(parseMasterKeys(text)?.length, count);
  });
}

test('a master key that is printed by mistake shows nothing of itself', () => {
  const shown = inspect(ring(first), { depth: 9, showHidden: true }) + JSON.stringify(ring(first));
  assert.equal(shown.includes(first.slice(0, 12)), false);
  assert.equal(shown.includes(Buffer.from(first, 'base64').toString('hex').slice(0, 12)), false);
});
