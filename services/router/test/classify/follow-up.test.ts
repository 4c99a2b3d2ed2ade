import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PastWords } from '@mosaic/proto';
import { readTaskModel } from '../../src/adapters/read-task-model.ts';
import { carriesOn } from '../../src/app/follow-up.ts';
import { profileTask } from '../../src/app/profile-task.ts';

const approving = [
  'yes',
  'Yes, please.',
  'go on',
  'OK do it',
  'weiter',
  'sí',
  '好的',
  '继续',
  '继续写',
  'no',
  'LGTM',
  'dalej',
  'ja, doe maar',
  'devam et',
  '네',
];

const following = [
  'and now in French',
  'shorter please',
  'why?',
  'what about the second one',
  'Can you make it more formal?',
  'Now with tests',
  'give me another example',
  'Could you explain that again?',
  "that's wrong",
  "It still doesn't work, same error",
  'what if the list is empty?',
  'as a table please',
  'How does it work?',
  'the third one sounds good, tell me more about it',
  'add type hints',
  'are you sure?',
  'same error',
  'no, too long',
  'Do you have any other suggestions?',
  'Which is the cheapest?',
  'I meant the other file',
  'Make it a haiku',
  'and in Berlin?',
  'rename the variable to total',
  'kürzer bitte',
  'und jetzt auf Französisch',
  'warum?',
  '¿por qué?',
  'plus court',
  '用中文',
  '短一点',
  '第二个呢',
  '为什么？',
  '太长了',
  '换成表格',
  'you forgot the imports',
  'nope still red',
  'wait, why is it red',
  'explain like I am five',
  'sources?',
  'and what would that cost',
  'only the first two',
  'use postgres instead',
  'krócej proszę',
  'a teraz po polsku',
  'dlaczego?',
  'korter graag',
  'perché?',
  'mais curto por favor',
  'более коротко',
  'почему?',
  'もっと簡単に',
  '더 짧게',
];

const beginning = [
  'now write a Python function for it',
  'What is the capital of Australia?',
  'Translate "good morning" into German.',
  'Write a poem about autumn.',
  'Summarize the article below in two sentences.',
  'ok, what is a good recipe for lentil soup?',
  'Who painted the Mona Lisa?',
  'What time is it in Tokyo?',
  'Is it raining in London today?',
  'What is the name of the actor that played Batman?',
  'In which year did the second world war end?',
  'Help me plan a trip to Rome',
  'Solve x^2 - 5x + 6 = 0',
  'Schreib ein Gedicht über den Herbst',
  '写一个快速排序函数',
  '把下面的句子翻译成英文：今天天气很好',
  'Give me ten ideas for a birthday party.',
  '为什么天空是蓝色的？',
  'なぜ空は青いのですか',
  'Why is the sky blue?',
  'translate it',
  'Jaka jest stolica Kanady?',
  'Napisz krótki wiersz o jesieni',
  'why does my container keep restarting',
  'Was ist der Unterschied zwischen Hefe und Backpulver?',
  'list all TODOs in the repo',
  'can i freeze cooked rice',
  'Implement a Python class for an LRU cache with TTL, thread safety and unit tests.',
];

for (const text of approving) {
  test(`"${text}" approves of the turn before`, () => assert.equal(carriesOn(text), 'approval'));
}
for (const text of following) {
  test(`"${text}" carries the turn before on`, () => assert.equal(carriesOn(text), 'follow-up'));
}
for (const text of beginning) {
  test(`"${text}" begins a task of its own`, () => assert.equal(carriesOn(text), null));
}

const model = readTaskModel();
const user = (content: string): PastWords => ({ role: 'user', content });
const assistant = (content: string): PastWords => ({ role: 'assistant', content });
const profile = (text: string, past: Partial<Parameters<typeof profileTask>[0]>) =>
  profileTask({ text, contextTokens: 0, needs: { tools: false, vision: false }, ...past }, model);

const hardCode = [
  user('Implement a distributed rate limiter in Go with Redis'),
  assistant('Here it is: package main …'),
];

test('a follow-up has the task and the complexity of the turn it goes on with', () => {
  const seen = profile('shorter please', { history: hardCode });
  assert.equal(seen.task, 'coding');
  assert.equal(seen.complexity, 'complex');
  assert.deepEqual(seen.inherits, {
    turnsBack: 1,
    words: 'Implement a distributed rate limiter in Go with Redis',
    task: 'coding',
    complexity: 'complex',
    why: 'follow-up',
  });
});

test('an approval after a follow-up goes on with the turn that had a task', () => {
  const history = [...hardCode, user('add comments'), assistant('Done.')];
  assert.equal(profile('go on', { history }).inherits?.turnsBack, 2);
});

test('a task of its own is judged by itself, whatever went before', () => {
  const seen = profile('What is the capital of Australia?', { history: hardCode });
  assert.equal(seen.inherits, undefined);
  assert.equal(seen.task, 'simple_qa');
  const code = profile('now write a Python function for it', {
    history: [user('Tell me a story about a fox'), assistant('Once …')],
  });
  assert.equal(code.inherits, undefined);
  assert.equal(code.task, 'coding');
});

test('what the turn before was taken for counts for more than its words', () => {
  const previousProfile = { task: 'summarization', complexity: 'moderate' } as const;
  const seen = profile('and now in French', { history: hardCode, previousProfile });
  assert.equal(seen.task, 'summarization');
  assert.equal(seen.complexity, 'moderate');
  assert.equal(profile('yes', { previousProfile }).task, 'summarization');
});

test('a harder follow-up raises the complexity of its turn', () => {
  const previousProfile = { task: 'coding', complexity: 'simple' } as const;
  const seen = profile('now make it thread-safe, optimize it and add unit tests', {
    previousProfile,
  });
  assert.equal(seen.inherits?.complexity, 'simple');
  assert.equal(seen.complexity, 'complex');
});

test("a tool's answer goes on with the turn that asked for it", () => {
  const results = [
    '<tool_result>\n{"temperature": 21}\n</tool_result>',
    'Tool result: 3 files changed, 14 insertions',
    '[{"tool_call_id": "call_1", "content": "ok", "status": "done", "took": 12}]',
  ];
  for (const text of results) {
    const seen = profile(text, { history: hardCode });
    assert.equal(seen.inherits?.why, 'tool-result', text);
    assert.equal(seen.task, 'coding', text);
  }
});

test('without a turn before there is nothing to go on with', () => {
  for (const text of ['yes', 'why?', 'shorter please']) {
    assert.equal(profile(text, {}).inherits, undefined, text);
    assert.equal(profile(text, { history: [] }).inherits, undefined, text);
  }
});
