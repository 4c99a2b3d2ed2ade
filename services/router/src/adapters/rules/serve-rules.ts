import {
  createRule,
  deleteRule,
  getEffectiveRules,
  getRuleHistory,
  lintRules as lintRulesContract,
  listRules,
  MosaicError,
  type RuleFinding,
  reorderRules as reorderRulesContract,
  updateRule,
} from '@mosaic/proto';
import { lintRules } from '../../app/lint/lint-rules.ts';
import type { Policy } from '../../app/rules/policy.ts';
import { below } from '../../app/rules/problems.ts';
import { readRule } from '../../app/rules/read-rule.ts';
import { reorderRules } from '../../app/rules/reorder-rules.ts';
import {
  assertReadable,
  changeRule,
  findingsOf,
  refuseErrors,
} from '../../app/saving/check-rule.ts';
import {
  besides,
  lintWorld,
  newestPolicy,
  openStore,
  type RuleServing,
  tellOfChange,
} from './rule-serving.ts';

/** Answers who reads, changes and judges rules. The user is always the caller. */
export function serveRules(serving: RuleServing): void {
  serveReading(serving);
  serveSaving(serving);
}

function serveReading(serving: RuleServing): void {
  const { bus, rules } = serving;
  bus.handle(listRules, async (_, { caller }) => listOf(await newestPolicy(serving, caller)));
  bus.handle(getEffectiveRules, async (_, { caller }) => {
    const policy = await newestPolicy(serving, caller);
    const findings = lintRules(policy.rules, await lintWorld(serving, policy, caller));
    return { ...listOf(policy), findings: [...findings] };
  });
  bus.handle(lintRulesContract, async ({ rules: drafts }, { caller }) => {
    const policy = await newestPolicy(serving, caller);
    const read = drafts.map(readRule);
    const problems = read.flatMap((one, index) =>
      one.problems.map(({ message, path }) => ({ path: below(String(index), path), message })),
    );
    const added = read.flatMap(({ rule }) => rule ?? []);
    const world = await lintWorld(serving, policy, caller);
    return {
      problems,
      findings: [...lintRules([...besides(policy.rules, added), ...added], world)],
    };
  });
  bus.handle(getRuleHistory, async ({ id }, { caller }) => {
    const changes = await openStore(rules).readHistory(caller.userId, id);
    if (changes.length === 0) throw new MosaicError('not_found', 'You have no such rule.');
    return { changes: [...changes] };
  });
}

function listOf({ rules, source, tiers, version }: Policy) {
  return { rules: [...rules], tiers: [...tiers], source, policyVersion: version };
}

function serveSaving(serving: RuleServing): void {
  const { bus, rules } = serving;
  bus.handle(createRule, async ({ rule: draft }, { caller }) => {
    const rule = assertReadable(draft);
    const policy = await newestPolicy(serving, caller);
    const findings = findingsOf(rule, policy.rules, await lintWorld(serving, policy, caller));
    refuseErrors(findings);
    const saved = await openStore(rules).createRule(caller, rule);
    await tellOfChange(serving);
    return { rule: saved, findings };
  });
  bus.handle(updateRule, async ({ changes, id, version }, { caller }) => {
    const policy = await newestPolicy(serving, caller);
    const world = await lintWorld(serving, policy, caller);
    let findings: RuleFinding[] = [];
    const saved = await openStore(rules).updateRule(caller, {
      id,
      version,
      change(present) {
        const rule = changeRule(present, changes);
        const others = besides(policy.rules, [present]);
        findings = findingsOf(rule, others, world);
        refuseErrors(findings, findingsOf(present, others, world));
        return rule;
      },
    });
    await tellOfChange(serving);
    return { rule: saved, findings };
  });
  bus.handle(deleteRule, async ({ id, version }, { caller }) => {
    await openStore(rules).deleteRule(caller, { id, version });
    await tellOfChange(serving);
    return { isDeleted: true };
  });
  bus.handle(reorderRulesContract, async ({ ids, scope }, { caller }) => {
    const reorder = (present: Parameters<typeof reorderRules>[0]) => reorderRules(present, ids);
    const saved = await openStore(rules).reorderRules(caller, { scope, reorder });
    await tellOfChange(serving);
    return { rules: [...saved] };
  });
}
