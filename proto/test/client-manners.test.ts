import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, codeOfStatus, formatDuration } from '../src/index.ts';

test('clients wait a random part of a limit that doubles up to ten seconds', () => {
  const longest = [0, 1, 2, 5, 6, 20, 4_000].map((attempt) => backoffMs(attempt, () => 1));
  assert.deepEqual(longest, [250, 500, 1_000, 8_000, 10_000, 10_000, 10_000]);
  assert.equal(
    backoffMs(5, () => 0),
    0,
  );
});

test('an answer without a body of ours has the code of its status', () => {
  const codes = [400, 401, 503, 502].map(codeOfStatus);
  assert.deepEqual(codes, ['bad_request', 'unauthenticated', 'service_unavailable', 'internal']);
});

test('durations are as long as they need to be, and never of 60 seconds', () => {
  const shown = [85, 1_234, 125_000, 119_600].map(formatDuration);
  assert.deepEqual(shown, ['85 ms', '1.2 s', '2 min 5 s', '2 min 0 s']);
});
