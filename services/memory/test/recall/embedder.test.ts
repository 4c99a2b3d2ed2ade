import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEmbedder } from '../../src/adapters/recall/embedder.ts';

const clock = { now: () => Date.now() };
const ask = { model: 'nomic-embed-text', userId: 'ada' };

/** An embedder whose vectors come when the test lets them. */
function slowEmbedder() {
  const waiting: (() => void)[] = [];
  const embedder = makeEmbedder(
    (texts) =>
      new Promise((resolve) => {
        waiting.push(() => resolve(texts.map(() => [1, 0])));
      }),
    clock,
    ask.model,
  );
  return { embedder, waiting };
}

test('one question asked twice at once, and again, is asked of the model once', async () => {
  const { embedder, waiting } = slowEmbedder();
  const both = [
    embedder.question('Where is Kater?', ask),
    embedder.question('Where is Kater?', ask),
  ];
  waiting[0]?.();
  const [first, second] = await Promise.all(both);
  assert.deepEqual(first, Float32Array.of(1, 0));
  assert.equal(second, first);
  assert.equal(await embedder.question('Where is Kater?', ask), first);
  assert.equal(waiting.length, 1);
});

test('of a user who is forgotten while the model answers nothing is remembered', async () => {
  const { embedder, waiting } = slowEmbedder();
  const asking = embedder.question('Where is Kater?', ask);
  embedder.forget('ada');
  waiting[0]?.();
  assert.deepEqual(await asking, Float32Array.of(1, 0));
  const again = embedder.question('Where is Kater?', ask);
  assert.equal(waiting.length, 2, 'the model is asked anew');
  waiting[1]?.();
  await again;
});
