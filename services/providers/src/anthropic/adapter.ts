import Anthropic from '@anthropic-ai/sdk';
import type { ErrorCode } from '@mosaic/proto';
import { translateStream } from '../app/vendor/translate-stream.ts';
import type { Endpoint } from '../app/vendor/vendor-endpoint.ts';
import {
  codeFromText,
  faultFromAnswer,
  faultFromThrown,
  makeFault,
  readRetryAfterMs,
} from '../app/vendor/vendor-fault.ts';
import type { ListedModel, Vendor, VendorFault } from '../app/vendor/vendor-port.ts';
import { anthropicCards } from './models.ts';
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
    ...(fetch && { fetch }),
  });
  return {
    name: 'anthropic',
    rules: anthropicRules,
    cards: anthropicCards,
    isListComplete: false,
    async *ask(request, signal) {
      const events = await client.messages.create(toWire(request), { signal });
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

const codesByType = new Map<string, ErrorCode>([
  ['authentication_error', 'provider_auth'],
  ['permission_error', 'provider_auth'],
  ['billing_error', 'provider_quota'],
  ['not_found_error', 'unknown_model'],
  ['request_too_large', 'context_too_long'],
  ['rate_limit_error', 'provider_rate_limited'],
  ['overloaded_error', 'provider_overloaded'],
  ['timeout_error', 'provider_timeout'],
  ['api_error', 'provider_failed'],
]);

/** An error event after HTTP 200 has no status: there the type says what it is. */
function toFault(thrown: unknown): VendorFault {
  if (!(thrown instanceof Anthropic.APIError)) return faultFromThrown(thrown);
  const message = thrown.apiMessage ?? thrown.message;
  if (typeof thrown.status === 'number') {
    return faultFromAnswer({ status: thrown.status, message, headers: thrown.headers });
  }
  const type = thrown.type ?? '';
  if (type === 'invalid_request_error') {
    return makeFault(codeFromText(message, 'provider_refused'), message);
  }
  const code = codesByType.get(type);
  if (!code) return faultFromThrown(thrown);
  return makeFault(code, message, readRetryAfterMs(thrown.headers));
}
