import { complexitySchema, domainSchema, needSchema, taskTypes } from './decision.ts';
import type { RuleField, RuleOperator } from './rule-tree.ts';

/**
 * What can be asked about a field. `choice` has a closed list, `level` an ordered one, `name` any
 * word, `set` holds several words, of a closed list where there is one.
 */
export type FieldKind = 'choice' | 'level' | 'name' | 'set' | 'number' | 'text' | 'time';

interface FieldForm {
  readonly kind: FieldKind;
  /** The closed list, in order for a level. */
  readonly values?: readonly string[];
}

export const ruleFields: Readonly<Record<RuleField, FieldForm>> = {
  taskType: { kind: 'choice', values: taskTypes },
  complexity: { kind: 'level', values: complexitySchema.options },
  domain: { kind: 'choice', values: domainSchema.options },
  /** ISO 639-1; not known when it cannot be told. */
  language: { kind: 'name' },
  needs: { kind: 'set', values: needSchema.options },
  /** The tier that was asked for; not known when none was. */
  costTier: { kind: 'name' },
  /** Not known for a question without an agent. */
  agent: { kind: 'name' },
  /** What that agent says of itself; not known where nobody can tell. */
  agentDomains: { kind: 'set', values: domainSchema.options },
  agentToolSets: { kind: 'set' },
  /** Where the person came in: `web`, `tui`, `api` or a channel's id. */
  channel: { kind: 'name' },
  /** The id of the caller. */
  user: { kind: 'name' },
  promptTokens: { kind: 'number' },
  /** US dollars; not known as long as nobody says. */
  budgetLeft: { kind: 'number' },
  text: { kind: 'text' },
  timeOfDay: { kind: 'time' },
  /** Whether the message only carries the turn before on, such as "go on". */
  followsUp: { kind: 'choice', values: ['yes', 'no'] },
};

const oneOf = ['is', 'is-not', 'in', 'not-in'] as const;

/**
 * `contains` on text looks for words in any case, `matches` takes a pattern of RE2 (`(?i)` for any
 * case); `between` takes two times, the second one no longer within, also across midnight.
 */
export const operatorsOf: Readonly<Record<FieldKind, readonly RuleOperator[]>> = {
  choice: oneOf,
  level: [...oneOf, 'at-least', 'at-most'],
  name: oneOf,
  set: ['contains'],
  number: ['at-least', 'at-most'],
  text: ['contains', 'matches'],
  time: ['between'],
};
