import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noUsage } from '@mosaic/proto';
import { blankCard } from '../../src/app/catalogue.ts';
import { holdKey } from '../../src/app/limits/hold-key.ts';
import type { KeyAllowance, KeyTaking } from '../../src/app/limits/key-allowance.ts';
import type { Vendor, VendorPart } from '../../src/app/vendor/vendor-port.ts';
import { openAiRules } from '../../src/openai/wire.ts';
import { sampleRequest } from '../vendors/sample-request.ts';

const usage = { ...noUsage, inputTokens: 7, outputTokens: 3, reasoningTokens: 2 };
const answer: readonly VendorPart[] = [
  { type: 'text', text: 'Hi' },
  { type: 'usage', usage, costUsd: null },
  { type: 'finished', stop: { unified: 'stop', raw: 'stop' } },
];

function hold(answers: (settled: number[]) => KeyTaking, isUnlimited = false) {
  const settled: number[] = [];
  const taken: string[] = [];
  let asked = 0;
  const vendor: Vendor = {
    name: 'openai',
    rules: openAiRules,
    cards: [],
    isListComplete: false,
    async *ask() {
      asked += 1;
      yield* answer;
    },
    listModels: async () => [],
    toFault: () => ({ code: 'provider_failed', message: '', retryAfterMs: null }),
  };
  const allowance: KeyAllowance = {
    isUnlimited,
    async take(keyId, tokens) {
      assert.ok(tokens > 0);
      taken.push(keyId);
      return answers(settled);
    },
  };
  const permit = { answers: () => {}, ended: () => {} };
  const card = blankCard('some-model');
  const held = holdKey({ vendor, card, isSimulated: false, keyId: 'k1', permit }, allowance);
  assert.ok('vendor' in held);
  const parts = held.vendor.ask(sampleRequest(), new AbortController().signal);
  return { parts, settled, taken, asked: () => asked };
}

const room = (settled: number[]): KeyTaking => ({
  isAllowed: true,
  settle: async (tokens) => void settled.push(tokens),
});

test('a key with room is asked, and its minute hears what was really used', async () => {
  const { parts, settled, taken } = hold(room);
  assert.deepEqual(await Array.fromAsync(parts), answer);
  assert.deepEqual(taken, ['k1']);
  assert.deepEqual(settled, [12]);
});

test('a key without room fails as if its vendor had said when to come back, and is not asked', async () => {
  const held = hold(() => ({ isAllowed: false, waitMs: 4_000 }));
  const [part, ...others] = await Array.fromAsync(held.parts);
  assert.ok(part?.type === 'failed' && others.length === 0);
  assert.equal(part.fault.code, 'provider_rate_limited');
  assert.equal(part.fault.retryAfterMs, 4_000);
  assert.equal(held.asked(), 0);
});

test('without limits nobody is asked for room', async () => {
  const { parts, taken } = hold(room, true);
  assert.deepEqual(await Array.fromAsync(parts), answer);
  assert.deepEqual(taken, []);
});
