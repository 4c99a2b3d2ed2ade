import type OpenAI from 'openai';
import { translateStream } from '../app/vendor/translate-stream.ts';
import type { Endpoint } from '../app/vendor/vendor-endpoint.ts';
import type { Vendor } from '../app/vendor/vendor-port.ts';
import { explainOpenAiError } from '../openai-compatible/explain-error.ts';
import { describeShutdown, listOpenAiModels } from '../openai-compatible/list-models.ts';
import { makeClient } from '../openai-compatible/make-client.ts';
import { toAnswerFault, toStreamFault } from './faults.ts';
import { openAiCards } from './models.ts';
import { startTranslation } from './translation.ts';
import { openAiRules, toWire } from './wire.ts';

/**
 * Talks to the Responses API: the vendor's current one, and the only one of its two that gives back
 * reasoning for the next turn of a conversation that it does not store.
 */
export function makeOpenAi(endpoint: Endpoint): Vendor {
  const client: OpenAI = makeClient(endpoint);
  return {
    name: 'openai',
    rules: openAiRules,
    cards: openAiCards,
    isListComplete: false,
    async *ask(request, signal) {
      const events = await client.responses.create(toWire(request), { signal });
      yield* translateStream(events, startTranslation());
    },
    listModels: (signal) => listOpenAiModels(client, signal, describeShutdown),
    toFault: (thrown) =>
      explainOpenAiError(
        thrown,
        ({ code, message }) => toStreamFault(code, message),
        toAnswerFault,
      ),
  };
}
