import { deleteTier, MosaicError, putTier } from '@mosaic/proto';
import { lintRules } from '../../app/lint/lint-rules.ts';
import { refuseErrors, whoNamesTier } from '../../app/saving/check-rule.ts';
import {
  lintWorld,
  newestPolicy,
  openStore,
  type RuleServing,
  tellOfChange,
} from './rule-serving.ts';

/** Answers administrators who change tiers. */
export function serveTiers(serving: RuleServing): void {
  const { bus, rules } = serving;
  bus.handle(putTier, async ({ models, name, version }, { caller }) => {
    const policy = await newestPolicy(serving, caller);
    const world = await lintWorld(serving, policy, caller);
    const tiers = [
      ...policy.tiers.filter((one) => one.name !== name),
      { name, models, version: 0 },
    ];
    const findings = lintRules(policy.rules, { ...world, tiers });
    refuseErrors(findings, lintRules(policy.rules, world));
    const tier = await openStore(rules).putTier(caller, { name, models, version });
    await tellOfChange(serving);
    return { tier, findings: findings.filter(({ rule }) => rule === `tier/${name}`) };
  });
  bus.handle(deleteTier, async ({ name, version }, { caller }) => {
    const policy = await newestPolicy(serving, caller);
    const [named] = whoNamesTier(name, policy);
    if (named !== undefined) {
      throw new MosaicError('conflict', `"${named}" sends messages to the tier "${name}".`);
    }
    await openStore(rules).deleteTier(caller, { name, version });
    await tellOfChange(serving);
    return { isDeleted: true };
  });
}
