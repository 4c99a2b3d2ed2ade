import { setImmediate as nextRound } from 'node:timers/promises';
import { type MovedMessage, replayRules } from '@mosaic/proto';
import type { TaskModel } from '../../app/classify/task-model.ts';
import { costlyPatterns, lintRules } from '../../app/lint/lint-rules.ts';
import { compareRoutes, sumCosts, type TwoWorlds } from '../../app/replay/compare-routes.ts';
import type { PastMessage } from '../../app/replay/past-messages.ts';
import { makePolicy, nothingOwn } from '../../app/rules/policy.ts';
import { assertReadable, refuseErrors } from '../../app/saving/check-rule.ts';
import { worldOf } from '../decide-routes.ts';
import { readOwnMessages } from './read-own-messages.ts';
import { besides, lintWorld, newestPolicy, type RuleServing } from './rule-serving.ts';

/** A decision takes a fraction of a millisecond; other questions get their turn in between. */
const messagesInARow = 10;

/** Answers who wants to know what changed rules would do to their own past messages. */
export function serveReplay(serving: RuleServing & { readonly model: TaskModel }): void {
  const { bus, model } = serving;
  bus.handle(replayRules, async ({ limit, rules: drafts, without }, received) => {
    const { caller, signal } = received;
    const policy = await newestPolicy(serving, caller);
    const world = await lintWorld(serving, policy, caller);
    const added = drafts.map(assertReadable);
    // Whatever scope they are tried in: it is one person who lets all of them work at once.
    refuseErrors(costlyPatterns(added.map((rule) => ({ ...rule, scope: 'user' }))));
    const kept = besides(policy.rules, added).filter(({ name }) => !without.includes(name));
    const { exemplars, tiers } = policy;
    const system = { rules: [...kept, ...added], tiers, exemplars, revision: null };
    const changed = makePolicy(system, nothingOwn, false);
    const { isComplete, messages } = await readOwnMessages(
      { bus, received, agents: world.agents },
      limit,
    );
    const given = { cards: world.cards, model, caller };
    const moved = await moveAll(messages, signal, {
      present: { ...worldOf(policy, world.agents), ...given },
      changed: { ...worldOf(changed, world.agents), ...given },
    });
    return {
      messages: messages.length,
      isComplete,
      moved,
      ...sumCosts(moved),
      findings: [...lintRules(changed.rules, world)],
    };
  });
}

async function moveAll(
  messages: readonly PastMessage[],
  signal: AbortSignal,
  worlds: TwoWorlds,
): Promise<MovedMessage[]> {
  const moved: MovedMessage[] = [];
  for (const [index, message] of messages.entries()) {
    if (index % messagesInARow === 0) await nextRound();
    signal.throwIfAborted();
    moved.push(...[compareRoutes(message, worlds)].filter((one) => one !== undefined));
  }
  return moved;
}
