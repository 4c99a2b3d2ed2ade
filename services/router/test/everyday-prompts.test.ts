import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TaskType } from '@mosaic/proto';
import { readTaskModel } from '../src/adapters/read-task-model.ts';
import { judgeTask } from '../src/app/classify/task-model.ts';
import { profileTask } from '../src/app/profile-task.ts';
import { harmlessChanges } from '../train/harmless-changes.ts';

const model = readTaskModel();
const profile = (text: string) =>
  profileTask({ text, contextTokens: 0, needs: { tools: false, vision: false } }, model);

/** What people write, and the task it is. */
const prompts: readonly (readonly [TaskType, string])[] = [
  ['simple_qa', 'Why is the sky dark at night although there are so many stars?'],
  ['simple_qa', 'What time is it?'],
  ['simple_qa', 'What does NASA stand for?'],
  ['simple_qa', 'Is a tomato a fruit?'],
  ['simple_qa', '¿Cuál es la capital de Perú?'],
  ['simple_qa', 'Explain quantum entanglement to a ten year old.'],
  ['chat', 'Hello, friend!'],
  ['chat', 'thanks a lot!'],
  ['chat', 'hi, step by step, pros and cons'],
  ['chat', 'I feel lonely today.'],
  ['chat', 'And now, friend?'],
  ['chat', 'asdkjh'],
  ['chat', '👍'],
  ['coding', 'Fix the typo in README.md'],
  ['coding', 'Add a --json flag to the CLI and update its tests.'],
  ['coding', 'There is an intermittent deadlock in our payment service; find the root cause.'],
  ['coding', '用Python写一个快速排序函数'],
  ['coding', 'grep the repo for getToken and tell me who calls it'],
  ['math', 'What is 17 * 23?'],
  ['math', 'Prove that the square root of 2 is irrational.'],
  [
    'reasoning',
    'Should we use microservices or a monolith? Weigh the trade-offs for a small team.',
  ],
  [
    'reasoning',
    'Three friends sit in a row. Anna is left of Ben. Carl is right of Ben. Who sits last?',
  ],
  ['translation', 'Translate "good morning" into German.'],
  ['classification', 'Classify this review as positive or negative: the food was cold.'],
  ['extraction', 'Extract all email addresses from this text: write to a@b.com or c@d.org.'],
  ['creative_writing', 'Write a poem about autumn.'],
  ['rewriting', 'Rewrite this email to be more polite: send me the file now.'],
  ['brainstorming', 'Give me ten ideas for a birthday party.'],
  [
    'data_analysis',
    'Which month had the highest revenue?\n\n| month | revenue |\n| Jan | 100 |\n| Feb | 90 |',
  ],
  [
    'data_analysis',
    'year | members\n2021 | 340\n2022 | 310\n2023 | 405\n\nby how many percent did we grow?',
  ],
  [
    'summarization',
    'संक्षेप में बताओ: समिति ने मंगलवार को बजट पारित किया और दो नए स्कूल बनाने का फैसला किया।',
  ],
  ['summarization', 'tl;dr of the following thread please:\nAnna: hi\nBen: hello'],
  ['summarization', 'Résume ce texte en trois phrases : Le conseil s’est réuni mardi.'],
  ['summarization', 'In one sentence, what does this say?\n\nThe council met on Tuesday.'],
  ['research', 'Research the evidence on intermittent fasting and compare the studies.'],
  ['research', 'What do studies say about screen time for toddlers?'],
];

for (const [task, text] of prompts) {
  test(`takes "${text.slice(0, 60)}" for ${task}`, () => {
    const seen = profile(text);
    assert.equal(seen.task, task, JSON.stringify(seen));
    assert.ok(seen.cues.every((cue) => cue.length <= 80));
  });
}

/**
 * Written by hand as people of a harness type, with what they paste; of the form that `mosaic rules
 * test` takes. Not learned from, and not made to be told right: some are still missed.
 */
const handChecked = readFileSync(join(import.meta.dirname, 'hand-check.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { text: string; expect: { task: TaskType } });

test('of the prompts checked by hand at least nine in ten are taken for what they are', () => {
  const missed = handChecked.filter(({ expect, text }) => profile(text).task !== expect.task);
  const list = missed.map(({ expect, text }) => `${expect.task}: ${text.slice(0, 60)}`).join('\n');
  assert.ok(handChecked.length >= 140);
  assert.ok(missed.length <= handChecked.length / 10, `${missed.length} missed:\n${list}`);
});

test('what nobody reads line by line makes no request harder', () => {
  const log = Array.from(
    { length: 40 },
    (_, at) => `2026-11-20T08:14:${10 + at}Z ERROR [pool-${at}] connect ETIMEDOUT 10.0.4.7:5432`,
  ).join('\n');
  const agent = `You are Harbor, an assistant that works in a terminal.\n\n# Rules\n${'- You must never guess file names, and always say what you did.\n'.repeat(40)}`;
  assert.notEqual(profile(`Which error comes most often?\n\n${log}`).complexity, 'complex');
  assert.equal(profile(`${agent}\n\nWhat is the capital of Peru?`).complexity, 'simple');
  const code = 'export function run(one: number) {\n  return one + 1;\n}\n'.repeat(40);
  assert.equal(profile(`Why does this fail?\n\n${code}`).complexity, 'complex');
});

test('a few lines of code are not the strongest model’s work because one asks why', () => {
  assert.equal(profile('Why does this fail?\n```py\nprint(1/0)\n```').complexity, 'moderate');
  const hard = 'Implement a lock-free queue for many producers in Rust, with tests.';
  assert.equal(profile(hard).complexity, 'complex');
});

/** Chat is left out: with words added to a greeting, something else is said. */
const firm = prompts.filter(([task]) => task !== 'chat');

test('changes that ask for nothing else keep the task of these prompts', () => {
  const tried = harmlessChanges.flatMap(({ change, name }) =>
    firm.map(([task, text]) => ({ name, text, isKept: profile(change(text)).task === task })),
  );
  const moved = tried.filter(({ isKept }) => !isKept);
  const list = moved.map(({ name, text }) => `${name}: ${text.slice(0, 40)}`).join('\n');
  assert.ok(moved.length <= tried.length * 0.05, `${moved.length} of ${tried.length}:\n${list}`);
});

test('binary rubbish, a megabyte of one line and nothing at all are judged, by bounded work', () => {
  const texts = [
    '\u0000\u0001\ufffd'.repeat(300_000),
    'a'.repeat(1_000_000),
    '|,'.repeat(500_000),
    'word { and | more, '.repeat(55_000),
    '`'.repeat(200_000),
    '<document>'.repeat(100_000),
    '   ',
    '',
  ];
  for (const text of texts) {
    const { features, scoped } = judgeTask(text, model);
    assert.ok(features.slots.length < 20_000, `${features.slots.length} features`);
    assert.ok(features.words.length <= 400 && scoped.segments.length <= 48);
    assert.ok(scoped.own.length < 3_000, `${scoped.own.length} characters`);
    assert.ok(profile(text).confidence <= 1);
  }
});
