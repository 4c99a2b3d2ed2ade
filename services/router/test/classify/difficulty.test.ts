import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTaskModel } from '../../src/adapters/read-task-model.ts';
import {
  chancesBy,
  decodeTrees,
  encodeTrees,
  needOfStrong,
} from '../../src/app/classify/difficulty/trees.ts';
import { hashFeature } from '../../src/app/classify/hash-feature.ts';
import { scopeText } from '../../src/app/classify/scope-text.ts';
import { SlotTally } from '../../src/app/classify/slot-tally.ts';
import { judgeTask } from '../../src/app/classify/task-model.ts';
import { featuresOf } from '../../src/app/classify/text-features.ts';
import { fitDifficulty } from '../../train/difficulty/fit-difficulty.ts';
import { rememberVectors } from '../../train/fit-task-model.ts';
import { seeded } from '../../train/seeded.ts';

const model = readTaskModel();
const { measured } = rememberVectors(model.words);
const random = seeded(3);

/** Questions of which the weak model gets those with numbers to calculate wrong. */
const rows = Array.from({ length: 900 }, (_, at) => {
  const isSum = at % 3 === 0;
  const number = () => String(Math.floor(random() * 9_000));
  const things = ['river', 'city', 'king', 'stone', 'bird', 'star', 'law'];
  const [one, two, three] = [at % 7, (at + 2) % 7, (at + 5) % 7].map((place) => things[place]);
  const prompt = isSum
    ? `A ${one} has ${number()} parts of ${number()} and loses ${number()}. What is left of ${number()}?\nA. ${number()}\nB. ${number()}`
    : `Which ${one} is known for the ${two} of its ${three}?\nA. the old ${two}\nB. the new one`;
  return {
    prompt,
    source: 'made',
    subject: `${one}`,
    strongOk: true,
    weakOk: !isSum,
    mayTrain: true,
  };
});
const trees = fitDifficulty(rows, { measured, seed: 7 });
const difficulty = (prompt: string) => needOfStrong(chancesBy(trees, measured(prompt)));

test('what only the strong model got right is harder, in words that were never learned', () => {
  const sum = difficulty(
    'A farmer has 312 sacks of 45 and sells 77. How many are 9?\nA. 12\nB. 99',
  );
  const fact = difficulty(
    'Which painter is famous for the light of his rooms?\nA. an old one\nB. the other',
  );
  assert.ok(sum > 0.7 && fact < 0.3, `${sum} and ${fact}`);
});

test('the same answers give the same trees, and their bytes give them back', () => {
  const bytes = encodeTrees(trees);
  assert.deepEqual(encodeTrees(fitDifficulty(rows, { measured, seed: 7 })), bytes);
  assert.notDeepEqual(encodeTrees(fitDifficulty(rows, { measured, seed: 8 })), bytes);
  const read = decodeTrees(bytes);
  for (const { prompt } of rows.slice(0, 50)) {
    assert.deepEqual(chancesBy(read, measured(prompt)), chancesBy(trees, measured(prompt)));
  }
  assert.throws(() => decodeTrees(bytes.subarray(3)), /npm run train:routing/);
});

test('by the checked-in model a weak model fails in calculations more than in questions that everybody can answer', () => {
  const hard = judgeTask(
    'A 2.50 kg block slides down a 30 degree incline of length 4.0 m with a friction coefficient of 0.20. Find its speed at the bottom.\nA. 3.2 m/s\nB. 5.1 m/s\nC. 6.3 m/s\nD. 7.7 m/s',
    model,
  ).weakFails;
  const easy = judgeTask(
    'Which organ pumps blood through the body?\nA. the liver\nB. the heart\nC. the lungs\nD. the stomach',
    model,
  ).weakFails;
  assert.ok(hard > easy + 0.2, `${hard} and ${easy}`);
  for (const text of ['', '\n\n', '🙂', '一二三', '\nA. \nB. ', '1'.repeat(200_000)]) {
    const { difficulty: odd, weakFails } = judgeTask(text, model);
    assert.ok(odd > 0 && odd < 1 && weakFails > 0 && weakFails < 1, `${odd}: ${text.slice(0, 20)}`);
  }
});

test('pairs are hashed in one go as they are hashed alone', () => {
  const { slots } = featuresOf(scopeText('Rewrite the longest chapter, please'), model.words);
  for (const pair of [
    'rewrite the',
    'the longest',
    'rewrite the longest',
    'longest chapter please',
  ]) {
    assert.ok(slots.includes(hashFeature('pair', pair)), pair);
  }
  assert.ok(!slots.includes(hashFeature('pair', 'rewrite longest')));
});

test('counts that share a place in the small table stay apart, and nothing is left of them', () => {
  const tally = new SlotTally();
  const near = [5, 5 + 2 ** 14, 5 + 2 ** 15, 6];
  for (const [times, slot] of near.entries()) {
    for (let time = 0; time <= times; time += 1) tally.add(slot, 0.2);
  }
  tally.flush(1);
  const first = tally.take();
  assert.deepEqual([...first.slots], near);
  const length = Math.hypot(0.2, 0.4, 0.6, 0.8);
  for (const [at, value] of first.values.entries()) {
    assert.ok(Math.abs(value - (0.2 * (at + 1)) / length) < 1e-9, `${at}: ${value}`);
  }
  tally.add(6, 1);
  tally.flush(1);
  assert.deepEqual(tally.take(), { slots: Int32Array.of(6), values: Float64Array.of(1) });
});
