import { translateStream } from '../app/vendor/translate-stream.ts';
import type { Endpoint } from '../app/vendor/vendor-endpoint.ts';
import type { Vendor, VendorFault } from '../app/vendor/vendor-port.ts';
import { explainOpenAiError } from '../openai-compatible/explain-error.ts';
import { listOpenAiModels } from '../openai-compatible/list-models.ts';
import { makeClient } from '../openai-compatible/make-client.ts';
import { checkOpenRouterKey } from './check-key.ts';
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
    async listModels(signal) {
      const today = new Date().toISOString().slice(0, 10);
      const [models] = await Promise.all([
        listOpenAiModels(client, signal, (model) => describeModel(model, today)),
        throwIfRefused(checkOpenRouterKey(endpoint, signal)),
      ]);
      return models;
    },
    toFault: explain,
  };
}

function explain(thrown: unknown): VendorFault {
  return explainOpenAiError(thrown, toFault, toFault);
}

/** The list takes any key, so it proves none; what else goes wrong with the question is no refusal. */
async function throwIfRefused(check: Promise<void>): Promise<void> {
  await check.catch((thrown: unknown) => {
    if (explain(thrown).code === 'provider_auth') throw thrown;
  });
}
