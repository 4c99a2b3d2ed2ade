import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskType } from '@mosaic/proto';
import { readTaskModel } from '../src/adapters/read-task-model.ts';
import { profileTask } from '../src/app/profile-task.ts';

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

const agentPrompt = `You are a coding assistant that works in a terminal.

# Tools
- read_file: reads a file
- run_tests: runs the unit tests of the repository

You must never commit secrets. Always write clean TypeScript code and fix failing tests.`;

const log = '2026-11-24 10:02:11 ERROR worker 3 lost its lease, retrying\n'.repeat(35);

const changes: readonly (readonly [string, (text: string) => string])[] = [
  ['a greeting in front', (text) => `Hi there! ${text}`],
  ['thanks behind', (text) => `${text} Thank you very much!`],
  ['a request to think step by step', (text) => `${text} Think step by step.`],
  ['capital letters', (text) => text.toUpperCase()],
  ['small letters', (text) => text.toLowerCase()],
  ["an agent's prompt in front", (text) => `${agentPrompt}\n\n${text}`],
  ['a log behind', (text) => `${text}\n\n${log}`],
  ['code behind', (text) => `${text}\n\n\`\`\`ts\nconst total = items.reduce(add, 0);\n\`\`\``],
];

/** Chat is left out: with words added to a greeting, something else is said. */
const firm = prompts.filter(([task]) => task !== 'chat');
const settled = { 'code behind': 0.7, 'a log behind': 0.7 } as Readonly<Record<string, number>>;

for (const [name, change] of changes) {
  test(`${name} seldom changes the task`, () => {
    const moved = firm.filter(([task, text]) => profile(change(text)).task !== task);
    const kept = 1 - moved.length / firm.length;
    const list = moved.map(([task, text]) => `${task}: ${text.slice(0, 40)}`).join('\n');
    assert.ok(kept >= (settled[name] ?? 0.85), `${kept.toFixed(2)} kept, moved:\n${list}`);
  });
}

test('small talk and idle words never look like hard work', () => {
  for (const text of ['hi, step by step, pros and cons', 'hello', '', 'zzz', 'think hard!', '?']) {
    assert.equal(profile(text).complexity, 'simple', text);
  }
});

test('binary rubbish and a megabyte of one line are judged in bounded time', () => {
  const texts = ['\u0000\u0001\ufffd'.repeat(300_000), 'a'.repeat(1_000_000), '|,'.repeat(500_000)];
  for (const text of texts) {
    const startedMs = performance.now();
    profile(text);
    assert.ok(performance.now() - startedMs < 1_000, 'no text may take long');
  }
});
