import type { RoutingRule, RuleCondition, TaskProfile } from '@mosaic/proto';

/** What conditions can ask about. */
export interface RuleFacts {
  readonly profile: TaskProfile;
  readonly text: string;
  readonly agent: string;
  readonly channel: string;
}

/** The first condition that does not hold, in words, or null when all hold. */
export function failedCondition(rule: RoutingRule, facts: RuleFacts): string | null {
  if (!rule.enabled) return 'the rule is switched off';
  const failed = rule.when.find((condition) => !holds(condition, facts));
  return failed === undefined ? null : describe(failed, fieldValue(failed.field, facts));
}

function holds(condition: RuleCondition, facts: RuleFacts): boolean {
  const actual = fieldValue(condition.field, facts);
  const { op, value } = condition;
  switch (op) {
    case 'is':
      return actual === value;
    case 'is-not':
      return actual !== value;
    case 'in':
      return Array.isArray(value) && value.includes(String(actual));
    case 'contains':
      return Array.isArray(actual)
        ? actual.includes(String(value))
        : String(actual).toLowerCase().includes(String(value).toLowerCase());
    case 'at-least':
      return Number(actual) >= Number(value);
    case 'at-most':
      return Number(actual) <= Number(value);
    default:
      return op satisfies never;
  }
}

function fieldValue(
  field: RuleCondition['field'],
  facts: RuleFacts,
): string | number | readonly string[] {
  const { profile } = facts;
  switch (field) {
    case 'taskType':
      return profile.task;
    case 'complexity':
    case 'domain':
    case 'language':
    case 'needs':
    case 'promptTokens':
      return profile[field];
    case 'agent':
    case 'channel':
    case 'text':
      return facts[field];
    default:
      return field satisfies never;
  }
}

function describe(condition: RuleCondition, actual: string | number | readonly string[]): string {
  const wanted = Array.isArray(condition.value) ? condition.value.join(', ') : condition.value;
  const have = condition.field === 'text' ? 'another text' : String(actual) || 'nothing';
  return `${condition.field} ${condition.op} ${wanted} (it is ${have})`;
}
