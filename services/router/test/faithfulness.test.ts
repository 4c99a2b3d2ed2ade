import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoutingRule, RuleTree, TaskType } from '@mosaic/proto';
import { readTaskModel } from '../src/adapters/read-task-model.ts';
import { chooseRoute } from '../src/app/choose-route.ts';
import { judgeTask } from '../src/app/classify/task-model.ts';
import { cues } from '../src/app/cues.ts';
import { defaultRules } from '../src/app/default-rules.ts';
import { readExemplars } from '../train/read-exemplars.ts';
import { seeded } from '../train/seeded.ts';
import { exampleCards } from './rules/example-cards.ts';

const model = readTaskModel();
const random = seeded(5);
/** This project's own prompts, some of every task. */
const prompts = readExemplars()
  .filter(() => random() < 0.25)
  .map(({ prompt }) => prompt)
  .slice(0, 600);

const route = (text: string, rules: readonly RoutingRule[] = defaultRules) =>
  chooseRoute(
    { text, needs: { tools: false, vision: false }, contextTokens: 50 },
    { cards: exampleCards, rules, model },
  );

const probability = (text: string, task: TaskType) =>
  judgeTask(text, model).ranked.find((one) => one.task === task)?.p ?? 0;

/** The text without the sign that a record names first; undefined when it names none of the words. */
function withoutSign(text: string, sign: string, task: TaskType): string | undefined {
  const cue = cues.find((one) => one.task === task && one.says === sign);
  if (cue !== undefined) return withoutAll(text, new RegExp(cue.pattern, `g${cue.pattern.flags}`));
  const word = /^“(.+)”$/.exec(sign)?.[1];
  if (word === undefined || word.includes('#')) return undefined;
  const pattern = word
    .split(' ')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
    .join('\\s+');
  return withoutAll(text, new RegExp(pattern, 'gi'));
}

function withoutAll(text: string, pattern: RegExp): string | undefined {
  const rest = text.replace(pattern, ' ');
  return rest === text ? undefined : rest;
}

test('without the sign that a record names first, its task is less probable', () => {
  let looked = 0;
  let lower = 0;
  for (const text of prompts) {
    const { profile } = route(text);
    const [sign = ''] = profile.cues;
    const rest = withoutSign(text, sign, profile.task);
    if (rest === undefined) continue;
    looked += 1;
    if (probability(rest, profile.task) < probability(text, profile.task)) lower += 1;
  }
  assert.ok(looked > 300, `${looked} prompts have a sign that can be taken away`);
  assert.ok(lower / looked >= 0.95, `in ${lower} of ${looked} the probability falls`);
});

const withRule = (name: string, change: (when: readonly RuleTree[]) => readonly RuleTree[]) =>
  defaultRules.map((rule) =>
    rule.name === name ? { ...rule, when: [...change(rule.when)] } : rule,
  );

const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);

test('the condition that a record names is the one that kept a rule away: turned round, it does not', () => {
  let chosen = 0;
  for (const text of prompts.slice(0, 150)) {
    for (const { condition, failed, rule } of route(text).considered) {
      if (failed === null || condition === undefined) continue;
      const turned = route(
        text,
        withRule(rule, (when) => when.map((one) => (same(one, condition) ? { not: one } : one))),
      );
      const again = turned.considered.find((one) => one.rule === rule);
      assert.ok(again !== undefined && !same(again.condition, condition), `${rule}: ${text}`);
      assert.ok(!same(again.condition, { not: condition }), `${rule} named what held: ${text}`);
      if (again.failed !== null) continue;
      chosen += 1;
      assert.equal(turned.rule, rule);
    }
  }
  assert.ok(chosen > 150, `${chosen} times the rule was chosen then`);
});

test('the rule that a record names is the one that decided: any condition of it turned round, another does', () => {
  let turnedRound = 0;
  for (const text of prompts.slice(0, 300)) {
    const { rule } = route(text);
    const conditions = defaultRules.find(({ name }) => name === rule)?.when ?? [];
    for (const condition of conditions) {
      const turned = route(
        text,
        withRule(rule, (when) => when.map((one) => (one === condition ? { not: one } : one))),
      );
      assert.notEqual(turned.rule, rule);
      turnedRound += 1;
    }
  }
  assert.ok(turnedRound > 200, `${turnedRound} conditions were turned round`);
});
