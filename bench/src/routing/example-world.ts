import type { ModelCard, PastWords, ProviderName } from '@mosaic/proto';
import { readTaskModel } from '@mosaic/router/adapters/read-task-model';
import { chooseRoute } from '@mosaic/router/app/choose-route';
import { defaultRules } from '@mosaic/router/app/default-rules';

const card = (provider: ProviderName, model: string, name: string): ModelCard => ({
  provider,
  model,
  name,
  contextTokens: 1_000_000,
  maxOutputTokens: 8_192,
  capabilities: ['tools', 'vision'],
  price: null,
  isAvailable: true,
  unavailableReason: null,
});

/** The models that the default rules name, all of them available. */
export const cards = [
  card('anthropic', 'claude-opus-4-6', 'Claude Opus 4.6'),
  card('anthropic', 'claude-sonnet-4-6', 'Claude Sonnet 4.6'),
  card('anthropic', 'claude-haiku-4-5', 'Claude Haiku 4.5'),
  card('openai', 'gpt-5.4', 'GPT-5.4'),
  card('zai', 'glm-5', 'GLM-5'),
];

export const model = readTaskModel();

/** One decision by the default rules and the checked-in model, and how long it took. */
export function decide(text: string, history: readonly PastWords[] = []) {
  const startedMs = performance.now();
  const question = { text, needs: { tools: false, vision: false }, contextTokens: 0 };
  const decision = chooseRoute(
    history.length === 0 ? question : { ...question, history: [...history] },
    { cards, rules: defaultRules, model },
  );
  return { decision, us: (performance.now() - startedMs) * 1_000 };
}
