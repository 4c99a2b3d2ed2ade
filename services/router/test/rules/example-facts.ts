import type { RuleFacts } from '../../src/app/rules/facts.ts';

/** Everything known. */
export const exampleFacts: RuleFacts = {
  taskType: 'chat',
  complexity: 'simple',
  domain: 'general',
  language: 'en',
  needs: ['tools'],
  costTier: 'cheap',
  agent: 'assistant',
  agentDomains: ['docs'],
  agentToolSets: ['web'],
  channel: 'web',
  user: 'mia',
  promptTokens: 100,
  budgetLeft: 2,
  text: 'Hello there',
  timeOfDay: '12:00',
  followsUp: 'no',
};
