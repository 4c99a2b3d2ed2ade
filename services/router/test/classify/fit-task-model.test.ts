import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Example, fitTasks, taskScores } from '../../train/fit-task-model.ts';
import { readExemplars } from '../../train/read-exemplars.ts';
import { seeded } from '../../train/seeded.ts';
import { thinned } from '../../train/thin-features.ts';

/** Prompts of two tasks: the first has slots below 40, the second those above, and some in common. */
const examples: readonly Example[] = Array.from({ length: 60 }, (_, at) => ({
  slots: Int32Array.from({ length: 20 }, (_none, part) =>
    part < 5 ? 100 + part : (at % 2) * 40 + ((at * 7 + part * 3) % 40),
  ),
  values: new Float32Array(20).fill(0.2),
  wanted: at % 2,
  weight: 1,
}));

test('the same lessons and seed give the same weights, and they tell the tasks apart', () => {
  const fitted = fitTasks(examples, 7);
  assert.deepEqual(fitTasks(examples, 7), fitted);
  assert.notDeepEqual(fitTasks(examples, 8).weights, fitted.weights);
  for (const example of examples) {
    const scores = taskScores(example, fitted);
    assert.equal(scores.indexOf(Math.max(...scores)), example.wanted);
  }
});

test('some of the features are left out, others each time, and the rest says as much', () => {
  const lots = seeded(3);
  const whole: Example = {
    slots: Int32Array.from({ length: 1_000 }, (_, at) => at),
    values: new Float32Array(1_000).fill(1),
    wanted: 0,
    weight: 2,
  };
  const first = Int32Array.from(thinned(whole, lots).slots);
  const { slots, values, weight } = thinned(whole, lots);
  assert.ok(slots.length > 500 && slots.length < 700, `${slots.length} are left`);
  assert.notDeepEqual(Int32Array.from(slots), first);
  const sum = values.reduce((total, value) => total + value, 0);
  assert.ok(Math.abs(sum - 1_000) < 100, `${sum}`);
  assert.equal(weight, 2);
});

test('exemplars are the same each time, with other wordings for another seed', () => {
  const first = readExemplars(5);
  assert.deepEqual(readExemplars(5), first);
  assert.notDeepEqual(
    readExemplars(6).map((row) => row.prompt),
    first.map((row) => row.prompt),
  );
  assert.ok(first.every(({ prompt }) => prompt.trim() !== ''));
});
