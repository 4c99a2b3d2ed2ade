import { readBearerKey } from '../wire/bearer-key.ts';
import type { Dialect, Failure, WireAnswer } from '../wire/dialect.ts';
import { jsonAnswer } from '../wire/write-json.ts';
import { readMessages } from './read-messages.ts';
import { writeFailure } from './write-failure.ts';
import { writeMessages, writeStreamFailure } from './write-messages.ts';

const models = [
  ['claude-opus-4-6', 'Claude Opus 4.6', '2026-02-05T00:00:00Z'],
  ['claude-sonnet-4-6', 'Claude Sonnet 4.6', '2026-02-17T00:00:00Z'],
  ['claude-haiku-4-5', 'Claude Haiku 4.5', '2025-10-15T00:00:00Z'],
] as const;

const infos = models.map(([id, name, createdAt]) => ({
  type: 'model',
  id,
  display_name: name,
  created_at: createdAt,
  lifecycle: 'active',
  line: null,
  capabilities: null,
  max_input_tokens: 200_000,
  max_tokens: 64_000,
  deprecated_at: null,
  retires_at: null,
}));

function listModels(): WireAnswer {
  return jsonAnswer({
    data: infos,
    has_more: false,
    first_id: infos[0]?.id ?? null,
    last_id: infos.at(-1)?.id ?? null,
  });
}

function showModel({ url }: { readonly url: URL }): WireAnswer | Failure {
  const model = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
  const info = infos.find(({ id }) => id === model);
  return info === undefined ? { kind: 'unknown-model', model } : jsonAnswer(info);
}

/** Anthropic: the Messages API. */
export const anthropic: Dialect = {
  vendor: 'anthropic',
  prefix: '/anthropic',
  endpoints: [
    {
      purpose: 'completion',
      method: 'POST',
      path: '/v1/messages',
      read: readMessages,
      write: writeMessages,
      writeStreamFailure,
    },
    { purpose: 'models', method: 'GET', path: '/v1/models', answer: listModels },
    { purpose: 'models', method: 'GET', path: /^\/v1\/models\/[^/]+$/, answer: showModel },
  ],
  readKey: (headers) => {
    // SDKs before 1.0 send x-api-key, later ones a bearer token.
    const key = headers['x-api-key'];
    return typeof key === 'string' && key !== '' ? key : readBearerKey(headers);
  },
  knowsModel: (model) => infos.some(({ id }) => model === id || model.startsWith(`${id}-2`)),
  writeFailure,
};
