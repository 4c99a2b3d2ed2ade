import { type CompletionPart, noUsage, type RouteDecision } from '@mosaic/proto';

/** What a router decided; its reason has letters that no HTTP header may carry. */
export const decision: RouteDecision = {
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  modelName: 'Claude Haiku 4.5',
  rule: 'simple',
  authority: 'system-rule',
  reason: 'Claude Haiku 4.5: simple qa (0.90) – schnell & günstig. Rule simple.',
  profile: {
    task: 'simple_qa',
    confidence: 0.9,
    complexity: 'simple',
    domain: 'general',
    language: 'en',
    needs: [],
    cues: [],
    promptTokens: 10,
  },
  alternatives: [{ provider: 'zai', model: 'glm-5' }],
  skipped: [],
  considered: [],
  expectedCostUsd: null,
  policyVersion: 'test',
  tookUs: 1,
};

/** The first part of an answer by the model of the decision. */
export const start: CompletionPart = {
  type: 'start',
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  skipped: [],
  isSimulated: false,
};

/** Its last part. */
export const end: Extract<CompletionPart, { type: 'end' }> = {
  type: 'end',
  stop: { unified: 'stop', raw: 'end_turn' },
  usage: { ...noUsage, inputTokens: 10, outputTokens: 5 },
  cost: { usd: 0.001, source: 'table' },
  timings: { firstTokenMs: 1, totalMs: 2 },
};
