import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CompletionPart } from '@mosaic/proto';
import fc from 'fast-check';
import { fixture, streamFixtures, vendorCases } from '../vendor-cases.ts';
import { mutateStream, mutations } from './mutate-stream.ts';
import { replayBytes } from './replay-bytes.ts';
import { saysSuccess } from './says-success.ts';

/** Damaged streams a vendor; a seed that found something belongs into the conformance suite. */
const numRuns = 400;
const seed = 20_261_125;

const typesOf = (parts: readonly CompletionPart[]) => parts.map((part) => part.type);

/** One start, if any, at the beginning; one terminal part at the end. */
function assertOrder(parts: readonly CompletionPart[]): void {
  const types = typesOf(parts);
  const ends = types.filter((type) => type === 'end' || type === 'error');
  assert.equal(ends.length, 1, types.join(' '));
  assert.ok(['end', 'error'].includes(types.at(-1) ?? ''), types.join(' '));
  assert.ok(types.lastIndexOf('start') <= 0, types.join(' '));
  assert.ok(types.length === 1 || types[0] === 'start', types.join(' '));
}

/** A call that was announced in an answer that ended well was handed over too. */
function assertCallsComplete(parts: readonly CompletionPart[]): void {
  const begun = parts.flatMap((part) => (part.type === 'tool-call-start' ? [part.id] : []));
  const called = parts.flatMap((part) => (part.type === 'tool-call' ? [part.call.id] : []));
  assert.deepEqual(new Set(called), new Set(begun));
}

for (const vendorCase of vendorCases) {
  const { name, separator } = vendorCase;
  const streams = streamFixtures(name).map((file) => fixture(name, file));

  describe(`a damaged stream of ${name}`, () => {
    test('never throws, never ends twice, and never looks like success', async () => {
      const property = fc.asyncProperty(
        fc.constantFrom(...streams),
        fc.array(mutations, { minLength: 1, maxLength: 3 }),
        fc.record({ mark: fc.nat(1_000), then: fc.constantFrom('end' as const, 'cut' as const) }),
        async (stream, list, { mark, then }) => {
          const bytes = list.reduce(
            (damaged, mutation) => mutateStream(damaged, mutation, { separator, others: streams }),
            stream,
          );
          const at = Math.floor((mark * bytes.length) / 1_000);
          const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
          const { parts } = await replayBytes(vendorCase, { chunks, then });
          assertOrder(parts);
          const last = parts.at(-1);
          if (last?.type !== 'end' || !['stop', 'tool-calls'].includes(last.stop.unified)) return;
          assert.ok(
            saysSuccess(vendorCase, bytes, then),
            `nobody said that this ended well: ${bytes}`,
          );
          assertCallsComplete(parts);
        },
      );
      await fc.assert(property, { seed, numRuns });
    });

    test('the judge knows success when it sees it', async () => {
      // Else a judge that always says yes would pass the test above.
      for (const file of ['text', 'tool'])
        assert.ok(saysSuccess(vendorCase, fixture(name, file), 'end'));
      for (const file of ['length', 'error-late', 'unknown-stop', 'error-after-finish']) {
        assert.equal(saysSuccess(vendorCase, fixture(name, file), 'end'), false, file);
      }
    });
  });
}
