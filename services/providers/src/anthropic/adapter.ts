import Anthropic from '@anthropic-ai/sdk';
import { translateStream } from '../app/vendor/translate-stream.ts';
import type { Endpoint } from '../app/vendor/vendor-endpoint.ts';
import type { ListedModel, Vendor } from '../app/vendor/vendor-port.ts';
import { expectStream } from '../http/expect-stream.ts';
import { toFault } from './faults.ts';
import { anthropicCards } from './models.ts';
import { toHeaders } from './thinking.ts';
import { startTranslation } from './translation.ts';
import { anthropicRules, toWire } from './wire.ts';

/** Talks to the Messages API. */
export function makeAnthropic({ apiKey, baseUrl, fetch }: Endpoint): Vendor {
  const client = new Anthropic({
    apiKey,
    baseURL: baseUrl,
    // The one retry loop is ours, and the SDK would print what it can't parse: prompts and answers.
    maxRetries: 0,
    logLevel: 'off',
    openTelemetry: false,
    fetch: expectStream(fetch),
  });
  return {
    name: 'anthropic',
    rules: anthropicRules,
    cards: anthropicCards,
    isListComplete: false,
    async *ask(request, signal) {
      const headers = toHeaders(request);
      const events = await client.messages.create(toWire(request), { signal, headers });
      yield* translateStream(events, startTranslation());
    },
    async listModels(signal) {
      const models: ListedModel[] = [];
      for await (const model of client.models.list({ limit: 100 }, { signal })) {
        models.push({
          model: model.id,
          name: model.display_name ?? null,
          contextTokens: model.max_input_tokens ?? null,
          maxOutputTokens: model.max_tokens ?? null,
          capabilities: null,
          price: null,
        });
      }
      return models;
    },
    toFault,
  };
}
