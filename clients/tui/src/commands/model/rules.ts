import type { ListedRule, RuleFinding } from '@mosaic/proto';
import { ruleTarget } from '@mosaic/proto/client';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { RunCommand } from '../command.ts';

/** `/rules` */
export const listRules: RunCommand = async (_argument, { print, session }) => {
  const { findings, rules } = await session.rest.effectiveRules();
  print([
    ...rules.map(describeRule),
    ...findings.map(describeFinding),
    'The first whose conditions hold decides. `mosaic rules --help`: change, explain and replay them.',
  ]);
};

function describeRule(rule: ListedRule): string {
  const { description, enabled, name, priority, scope } = rule;
  const whose = scope === 'user' ? 'yours ' : '';
  const off = enabled ? '' : ' (off)';
  const why = description === '' ? '' : `: ${oneLine(description)}`;
  return `${String(priority).padStart(5)}  ${whose}${oneLine(name)}${off} → ${oneLine(ruleTarget(rule))}${why}`;
}

function describeFinding({ level, rule, sentence }: RuleFinding): string {
  return `${level === 'error' ? '✗' : '!'} ${oneLine(rule)}: ${oneLine(sentence)}`;
}
