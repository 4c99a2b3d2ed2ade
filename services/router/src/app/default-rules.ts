import type { RoutingRule, Tier } from '@mosaic/proto';

/** Version of the rules below; stored with every decision that is made without a database. */
export const builtInVersion = 'built-in-1';

const opus = 'anthropic/claude-opus-4-6';
const sonnet = 'anthropic/claude-sonnet-4-6';
const haiku = 'anthropic/claude-haiku-4-5';
const gpt = 'openai/gpt-5.4';
const glm = 'zai/glm-5';

const rule = (
  priority: number,
  name: string,
  rest: Pick<RoutingRule, 'description' | 'when' | 'then'>,
): RoutingRule => ({ name, priority, scope: 'system', enabled: true, ...rest });

const task = (...tasks: string[]) => ({ field: 'taskType', op: 'in', value: tasks }) as const;
const complexity = (value: string) => ({ field: 'complexity', op: 'is', value }) as const;

/** The rules that every installation starts with; lower priority numbers are asked first. */
export const defaultRules: readonly RoutingRule[] = [
  rule(100, 'vision', {
    description: 'Images go to a model that sees.',
    when: [{ field: 'needs', op: 'contains', value: 'vision' }],
    then: { model: sonnet, fallbacks: [gpt, opus] },
  }),
  rule(110, 'long-context', {
    description: 'Very long prompts go to a model with a long context.',
    when: [{ field: 'needs', op: 'contains', value: 'long-context' }],
    then: { model: gpt, fallbacks: [sonnet, glm] },
  }),
  rule(200, 'code-complex', {
    description: 'Hard programming work goes to the strongest coder.',
    when: [task('coding'), complexity('complex')],
    then: { model: opus, fallbacks: [gpt, sonnet] },
  }),
  rule(210, 'code-moderate', {
    description: 'Everyday programming.',
    when: [task('coding'), complexity('moderate')],
    then: { model: sonnet, fallbacks: [gpt, glm] },
  }),
  rule(220, 'code-simple', {
    description: 'Small pieces of code.',
    when: [task('coding'), complexity('simple')],
    then: { model: gpt, fallbacks: [sonnet, glm] },
  }),
  rule(300, 'research', {
    description: 'Research and data work.',
    when: [task('research', 'data_analysis')],
    then: { model: gpt, fallbacks: [sonnet, glm] },
  }),
  rule(310, 'reasoning', {
    description: 'Mathematics and hard thinking.',
    when: [
      task('math', 'reasoning'),
      { field: 'complexity', op: 'in', value: ['moderate', 'complex'] },
    ],
    then: { model: opus, fallbacks: [gpt, sonnet] },
  }),
  rule(400, 'summary', {
    description: 'Summaries.',
    when: [task('summarization')],
    then: { model: glm, fallbacks: [haiku, gpt] },
  }),
  rule(500, 'simple', {
    description: 'Short questions and small chores go to the quick, cheap model.',
    when: [
      task('simple_qa', 'classification', 'extraction', 'translation', 'math', 'reasoning'),
      complexity('simple'),
    ],
    then: { model: haiku, fallbacks: [glm, gpt] },
  }),
  rule(600, 'conversation', {
    description: 'Everything else: conversation and writing.',
    when: [],
    then: { model: sonnet, fallbacks: [gpt, glm] },
  }),
];

/** The tiers that every installation starts with. */
export const defaultTiers: readonly Tier[] = [
  { name: 'cheap', models: [haiku, glm, gpt], version: 0 },
  { name: 'balanced', models: [sonnet, gpt, glm], version: 0 },
  { name: 'strong', models: [opus, gpt, sonnet], version: 0 },
];

/** Asked when the rule's own models can't answer; local models last, so that offline still works. */
export const defaultChain: readonly string[] = [
  sonnet,
  gpt,
  glm,
  haiku,
  opus,
  'openrouter/anthropic/claude-sonnet-4.6',
  'openrouter/openai/gpt-5.4',
  'openrouter/z-ai/glm-5',
];
