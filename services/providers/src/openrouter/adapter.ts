import { translateStream } from '../app/vendor/translate-stream.ts';
import type { Endpoint } from '../app/vendor/vendor-endpoint.ts';
import type { Vendor } from '../app/vendor/vendor-port.ts';
import { explainOpenAiError } from '../openai-compatible/explain-error.ts';
import { listOpenAiModels } from '../openai-compatible/list-models.ts';
import { makeClient } from '../openai-compatible/make-client.ts';
import { toFault } from './faults.ts';
import { describeModel } from './listed-models.ts';
import { openRouterCards } from './models.ts';
import { startTranslation } from './translation.ts';
import { openRouterRules, toWire } from './wire.ts';

/** Talks to OpenRouter's chat completions. */
export function makeOpenRouter(endpoint: Endpoint): Vendor {
  const client = makeClient(endpoint);
  return {
    name: 'openrouter',
    rules: openRouterRules,
    cards: openRouterCards,
    isListComplete: false,
    async *ask(request, signal) {
      const chunks = await client.chat.completions.create(toWire(request), { signal });
      yield* translateStream(chunks, startTranslation());
    },
    listModels: (signal) => {
      const today = new Date().toISOString().slice(0, 10);
      return listOpenAiModels(client, signal, (model) => describeModel(model, today));
    },
    toFault: (thrown) => explainOpenAiError(thrown, toFault, toFault),
  };
}
