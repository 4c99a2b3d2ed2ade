import type { Judge, JudgeWord, ModelRef } from '@mosaic/proto';
import type { Deciding } from '../choice/deciding.ts';
import { budgetLeft, factsOf } from '../choice/facts-of.ts';
import { siftCandidates } from '../choice/sift-candidates.ts';
import { refOf } from '../model-catalogue.ts';
import { judgeAll } from '../rules/judge-condition.ts';

/** Whether what a message is could matter to its route, and nothing surer has said it. */
export function isJudgeable({ followsUp, near, question }: Deciding): boolean {
  const {
    agent,
    mayAskJudge = false,
    messageModel = 'auto',
    pinnedModel,
    preferredModel,
  } = question;
  const named = [pinnedModel, preferredModel, agent?.model].filter((name) => name !== undefined);
  return (
    mayAskJudge &&
    messageModel === 'auto' &&
    named.length === 0 &&
    near === undefined &&
    !followsUp &&
    question.text.trim() !== ''
  );
}

/** Label, question and answer of the longest kind; the words themselves are cut. */
const promptTokens = 700;

/** The model that judges a message, or why nobody does. */
export function whoJudges(
  deciding: Deciding,
  { model }: Judge,
): { readonly asked: ModelRef } | { readonly outcome: JudgeWord['outcome'] } {
  const wish = { name: model, authority: 'system-rule', rule: 'judge' } as const;
  const { removed, usable } = siftCandidates([wish], deciding.world, {
    needs: ['json'],
    promptTokens,
    budgetLeftUsd: budgetLeft(deciding),
    localOnlyBy: rulesForLocal(deciding),
    cachedTokens: () => 0,
  });
  const [first] = usable;
  if (first !== undefined) return { asked: refOf(first.card) };
  const isDear = removed.some(({ fact }) => fact === 'budget');
  return { outcome: isDear ? 'too-dear' : 'nobody-can' };
}

/**
 * The data rules that keep a message on local models whatever it turns out to be: what a judge could
 * change counts as not known, and a rule that is not known to be false holds.
 */
function rulesForLocal(deciding: Deciding): readonly string[] {
  const ofTask = { taskType: null, complexity: null, needs: null };
  const ofAgent = { agent: null, agentDomains: null, agentToolSets: null };
  const facts = { ...factsOf(deciding), ...ofTask, ...ofAgent };
  return deciding.world.rules
    .filter(
      ({ enabled, then, when }) =>
        enabled && then.only !== undefined && judgeAll(when, facts) !== false,
    )
    .map(({ name }) => name);
}
