import assert from 'node:assert/strict';
import { Session } from 'node:inspector/promises';
import { after, before, test } from 'node:test';
import { startService } from '@mosaic/service-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { readTaskModel } from '../src/adapters/read-task-model.ts';
import { chooseRoute } from '../src/app/choose-route.ts';
import { defaultRules } from '../src/app/default-rules.ts';
import { routerService } from '../src/main.ts';
import { exampleCards } from './rules/example-cards.ts';

const session = new Session();
before(async () => {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
});
after(() => session.disconnect());

/** The functions that make decisions, of those that were called since this was last asked. */
async function calledFunctions(): Promise<Set<string>> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const deciding = result.filter(({ url }) => /\/router\/src\/app\//.test(url));
  const called = deciding.flatMap(({ functions, url }) =>
    functions
      .filter(({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0)
      .map(({ functionName }) => `${url.replace(/.*\/app\//, '')} ${functionName}`),
  );
  return new Set(called);
}

const questions = [
  'Who wrote Moby Dick?',
  'Hi there, how was your day?',
  'Write a short story about a lighthouse keeper.',
  'Translate "see you tomorrow" into French.',
  'Summarize this article: the council met on Tuesday and agreed on a budget.',
  'Fix the bug in this function:\n```ts\nconst a = (b: number) => b / 0;\n```',
  'Which month had the highest revenue?\n\n| month | revenue |\n| Jan | 100 |\n| Feb | 90 |',
  'What is 17 * 23?\nA. 391\nB. 389\nC. 401\nD. 377',
  '用Python写一个快速排序函数',
  'Résume ce texte en trois phrases : Le conseil s’est réuni mardi.',
  'shorter please',
];

test('a router has gone every way of a decision before anybody asks', async (t) => {
  const bus = await startRealBus();
  const stops = [() => bus.stop()];
  t.after(async () => {
    for (const stop of stops) await stop();
  });
  const env = { ...(await bus.environment('router')), MOSAIC_LOG_LEVEL: 'silent' };
  await calledFunctions();
  const router = await startService(routerService, env);
  stops.unshift(() => router.stop());
  const warm = await calledFunctions();
  const model = readTaskModel();
  await calledFunctions();
  for (const text of questions) {
    const question = { text, needs: { tools: true, vision: false }, contextTokens: 50 };
    const history = [{ role: 'user' as const, content: 'Write a poem about the sea.' }];
    chooseRoute({ ...question, history }, { cards: exampleCards, rules: defaultRules, model });
  }
  const asked = await calledFunctions();
  assert.ok(asked.size > 100, `${asked.size} functions`);
  assert.deepEqual(
    [...asked].filter((one) => !warm.has(one)),
    [],
  );
});
