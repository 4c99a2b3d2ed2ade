import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompletionPart, type ErrorCode, MosaicError, toFailure } from '@mosaic/proto';
import { start } from '@mosaic/test-kit/samples';
import { askPatiently, completePatiently } from '../src/adapters/ask-patiently.ts';
import { end } from './turn-rig.ts';

/** More than the questions that come through need on any machine. */
const patience = { totalMs: 60_000, pauseMs: 5 };
const short = { totalMs: 100, pauseMs: 5 };
const signal = new AbortController().signal;

const failed = (code: ErrorCode): CompletionPart => ({
  type: 'error',
  failure: toFailure(new MosaicError(code)),
  phase: 'before-first-part',
  skipped: [],
  usage: null,
  cost: { usd: null, source: 'unknown' },
  timings: { firstTokenMs: null, totalMs: 0 },
});

/** Asks for completions that come out as listed, one list after the other, the last for ever. */
async function complete(outcomes: CompletionPart[][], until = signal, waiting = patience) {
  let asked = 0;
  const next = async function* () {
    yield* outcomes[Math.min(asked, outcomes.length - 1)] ?? [];
    asked += 1;
  };
  const parts = await Array.fromAsync(completePatiently(next, until, waiting));
  return { asked, types: parts.map((part) => part.type) };
}

test('a question waits for a service that is being started again', async () => {
  let asked = 0;
  const answer = await askPatiently(
    async () => {
      asked += 1;
      if (asked === 1) throw new MosaicError('deadline_exceeded');
      if (asked < 4) throw new MosaicError('service_unavailable');
      return 'here';
    },
    signal,
    patience,
  );
  assert.deepEqual([answer, asked], ['here', 4]);
});

test('a question that was refused is not asked again, and patience ends', async () => {
  let asked = 0;
  const askFor = (code: ErrorCode) =>
    askPatiently(
      () => {
        asked += 1;
        return Promise.reject(new MosaicError(code));
      },
      signal,
      short,
    );
  await assert.rejects(askFor('unknown_model'), { code: 'unknown_model' });
  assert.equal(asked, 1);
  await assert.rejects(askFor('service_unavailable'), { code: 'service_unavailable' });
});

test('a completion is asked for again only while nothing came of it', async () => {
  const away = [failed('service_unavailable')];
  const answer = [start, { type: 'text' as const, text: 'hi' }, end()];
  assert.deepEqual(await complete([away, [failed('service_lost')], answer]), {
    asked: 3,
    types: ['start', 'text', 'end'],
  });
  const lost = await complete([[start, failed('service_lost')], answer]);
  assert.deepEqual(lost, { asked: 1, types: ['start', 'error'] });
  const refused = await complete([[failed('provider_failed')], answer]);
  assert.deepEqual(refused, { asked: 1, types: ['error'] });
  assert.deepEqual((await complete([away], signal, short)).types, ['error']);
  const cancelled = await complete([away, answer], AbortSignal.abort());
  assert.deepEqual(cancelled, { asked: 1, types: ['error'] });
});
