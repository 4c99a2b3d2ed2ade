import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTaskModel } from '../../src/adapters/read-task-model.ts';
import { judgeTask } from '../../src/app/classify/task-model.ts';
import { tellingWords } from '../../src/app/classify/telling-words.ts';
import { readExemplars } from '../../train/read-exemplars.ts';

const model = readTaskModel();

test('without the word that is named first, the task is less likely', () => {
  const prompts = readExemplars()
    .filter(({ prompt }, at) => at % 29 === 0 && /^[\x20-\x7e]+$/.test(prompt))
    .map((row) => row.prompt);
  const tried = prompts.flatMap((prompt) => {
    const { features, ranked } = judgeTask(prompt, model);
    const [best] = ranked;
    if (best === undefined) return [];
    const [named] = tellingWords(features, { task: best.task, model });
    if (named === undefined || named.startsWith('#')) return [];
    const pattern = new RegExp(`\\b${named.replace(/[^a-z0-9' ]/gi, '.')}\\b`, 'gi');
    const without = prompt.replace(pattern, ' ');
    const after = judgeTask(without, model).ranked.find(({ task }) => task === best.task);
    return without === prompt ? [] : [{ prompt, named, isLower: (after?.p ?? 0) < best.p }];
  });
  const faithful = tried.filter(({ isLower }) => isLower).length;
  const list = tried.filter(({ isLower }) => !isLower).slice(0, 8);
  assert.ok(tried.length > 50, `${tried.length} tried`);
  assert.ok(
    faithful >= tried.length * 0.95,
    `${faithful} of ${tried.length}: ${JSON.stringify(list)}`,
  );
});

test('at most three words or pairs are named, none twice, the strongest first', () => {
  const { features } = judgeTask('Translate this: translate this, translate this!', model);
  const named = tellingWords(features, { task: 'translation', model });
  assert.equal(named.length, 3);
  assert.equal(new Set(named).size, 3, named.join(', '));
  const alone = tellingWords({ words: ['translate'] }, { task: 'translation', model });
  assert.deepEqual(alone, ['translate']);
  assert.deepEqual(tellingWords({ words: ['the', '!', '#2'] }, { task: 'translation', model }), []);
});
