import { type CompletionPart, type ModelCard, noUsage, type RouteDecision } from '@mosaic/proto';

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

export const start: CompletionPart = {
  type: 'start',
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  skipped: [],
  isSimulated: false,
};

export const end: Extract<CompletionPart, { type: 'end' }> = {
  type: 'end',
  stop: { unified: 'stop', raw: 'end_turn' },
  usage: { ...noUsage, inputTokens: 10, outputTokens: 5 },
  cost: { usd: 0.001, source: 'table' },
  timings: { firstTokenMs: 1, totalMs: 2 },
};

export const card: ModelCard = {
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  name: 'Claude Haiku 4.5',
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  capabilities: ['tools'],
  price: null,
  isAvailable: true,
  unavailableReason: null,
};
