import { readChat } from '../chat-completions/read-chat.ts';
import { readBearerKey } from '../wire/bearer-key.ts';
import type { Dialect, Failure, WireAnswer } from '../wire/dialect.ts';
import { asText, type JsonRecord } from '../wire/loose-json.ts';
import type { SeenRequest } from '../wire/seen-request.ts';
import { jsonAnswer } from '../wire/write-json.ts';
import { readResponses } from './read-responses.ts';
import { writeChat, writeChatStreamFailure } from './write-chat.ts';
import { writeFailure } from './write-failure.ts';
import { writeResponses, writeResponsesStreamFailure } from './write-responses.ts';

const models = ['gpt-5.4', 'gpt-5.4-mini'].map((id) => ({
  id,
  object: 'model',
  created: 1_772_668_800,
  owned_by: 'system',
}));

function listModels(): WireAnswer {
  return jsonAnswer({ object: 'list', data: models });
}

function showModel({ url }: { readonly url: URL }): WireAnswer | Failure {
  const model = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
  const info = models.find(({ id }) => id === model);
  return info === undefined ? { kind: 'unknown-model', model } : jsonAnswer(info);
}

/** OpenAI's reasoning models refuse the old name of the limit; a client must send the new one. */
function readOpenAiChat(body: JsonRecord): SeenRequest | Failure {
  if (body['max_tokens'] !== undefined && asText(body['model']).startsWith('gpt-5')) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    return { kind: 'invalid-request', message, field: 'max_tokens' };
  }
  return readChat(body, false);
}

/** OpenAI: Responses and chat completions. */
export const openai: Dialect = {
  vendor: 'openai',
  prefix: '/openai/v1',
  endpoints: [
    {
      purpose: 'completion',
      method: 'POST',
      path: '/responses',
      read: readResponses,
      write: writeResponses,
      writeStreamFailure: writeResponsesStreamFailure,
    },
    {
      purpose: 'completion',
      method: 'POST',
      path: '/chat/completions',
      read: readOpenAiChat,
      write: writeChat,
      writeStreamFailure: writeChatStreamFailure,
    },
    { purpose: 'models', method: 'GET', path: '/models', answer: listModels },
    { purpose: 'models', method: 'GET', path: /^\/models\/[^/]+$/, answer: showModel },
  ],
  readKey: readBearerKey,
  knowsModel: (model) => models.some(({ id }) => model === id || model.startsWith(`${id}-2`)),
  writeFailure,
};
