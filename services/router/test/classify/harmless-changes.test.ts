import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTaskModel } from '../../src/adapters/read-task-model.ts';
import { judgeTask } from '../../src/app/classify/task-model.ts';
import { profileTask } from '../../src/app/profile-task.ts';
import { harmlessChanges } from '../../train/harmless-changes.ts';
import { readExemplars } from '../../train/read-exemplars.ts';

const model = readTaskModel();
const taskOf = (text: string) => judgeTask(text, model).ranked[0]?.task;

/** Every task, in several languages, with and without pasted texts. */
const prompts = readExemplars()
  .filter((_, at) => at % 17 === 0)
  .map((row) => row.prompt);
const before = prompts.map(taskOf);

for (const { change, name } of harmlessChanges) {
  test(`${name}: the task stays in at least 95 of 100 prompts`, () => {
    const moved = prompts.filter((prompt, at) => taskOf(change(prompt)) !== before[at]);
    const kept = 1 - moved.length / prompts.length;
    const list = moved.slice(0, 10).map((prompt) => prompt.slice(0, 70));
    assert.ok(kept >= 0.95, `${kept.toFixed(3)} kept, moved:\n${list.join('\n')}`);
  });
}

test('the changes do change something, and another request is another task', () => {
  for (const { change, name } of harmlessChanges) {
    const changed = prompts.filter((prompt) => change(prompt) !== prompt).length;
    assert.ok(changed > prompts.length / 4, `${name}: ${changed}`);
  }
  const other = prompts.filter(
    (prompt, at) => taskOf(`${prompt}\n\nTranslate the text above into French.`) !== before[at],
  );
  assert.ok(other.length > prompts.length / 3, `${other.length} of ${prompts.length}`);
});

const profile = (text: string) =>
  profileTask({ text, contextTokens: 0, needs: { tools: false, vision: false } }, model);

test('small talk and idle words never look like hard work', () => {
  for (const text of ['hi, step by step, pros and cons', 'hello', '', 'zzz', 'think hard!', '?']) {
    const seen = profile(text);
    assert.equal(seen.complexity, 'simple', text);
    assert.equal(seen.task, 'chat', text);
  }
});
