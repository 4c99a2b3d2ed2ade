import { translateStream } from '../app/vendor/translate-stream.ts';
import type { Endpoint } from '../app/vendor/vendor-endpoint.ts';
import type { Vendor } from '../app/vendor/vendor-port.ts';
import { explainOpenAiError } from '../openai-compatible/explain-error.ts';
import { listOpenAiModels } from '../openai-compatible/list-models.ts';
import { makeClient } from '../openai-compatible/make-client.ts';
import { toFault } from './faults.ts';
import { zaiCards } from './models.ts';
import { startTranslation } from './translation.ts';
import { toWire, zaiRules } from './wire.ts';

/**
 * Talks to Z.ai's chat completions. The vendor documents no list of models: where there is none, our
 * cards are the catalogue, and a wrong key shows with the first call.
 */
export function makeZai(endpoint: Endpoint): Vendor {
  const client = makeClient(endpoint);
  return {
    name: 'zai',
    rules: zaiRules,
    cards: zaiCards,
    isListComplete: false,
    async *ask(request, signal) {
      const chunks = await client.chat.completions.create(toWire(request), { signal });
      yield* translateStream(chunks, startTranslation(request));
    },
    listModels: (signal) => listOpenAiModels(client, signal),
    toFault: (thrown) => explainOpenAiError(thrown, toFault, toFault),
  };
}
