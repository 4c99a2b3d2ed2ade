import { readChat } from '../chat-completions/read-chat.ts';
import { readBearerKey } from '../wire/bearer-key.ts';
import type { Dialect, Failure } from '../wire/dialect.ts';
import { asRecord, type JsonRecord } from '../wire/loose-json.ts';
import type { SeenRequest } from '../wire/seen-request.ts';
import { jsonAnswer } from '../wire/write-json.ts';
import { describeModel, listedModels } from './models.ts';
import { writeChat, writeStreamFailure } from './write-chat.ts';
import { writeFailure } from './write-failure.ts';

function readOpenRouterChat(body: JsonRecord): SeenRequest | Failure {
  const reasoning = asRecord(body['reasoning']);
  const isAsked = reasoning['effort'] ?? reasoning['max_tokens'] ?? reasoning['enabled'];
  const isHidden = reasoning['exclude'] === true || isAsked === 'none' || isAsked === false;
  return readChat(body, isAsked !== undefined && !isHidden);
}

/** OpenRouter: chat completions with its own comments, ids and costs. */
export const openrouter: Dialect = {
  vendor: 'openrouter',
  prefix: '/openrouter/api/v1',
  endpoints: [
    {
      purpose: 'completion',
      method: 'POST',
      path: '/chat/completions',
      read: readOpenRouterChat,
      write: writeChat,
      writeStreamFailure,
    },
    {
      purpose: 'models',
      method: 'GET',
      path: '/models',
      // Public: the vendor lists its models for any key and for none.
      needsKey: false,
      answer: () => jsonAnswer({ data: listedModels.map(describeModel) }),
    },
    {
      purpose: 'other',
      method: 'GET',
      path: '/key',
      needsKey: true,
      answer: () =>
        jsonAnswer({
          data: {
            label: 'sk-or-v1-sim...ated',
            limit: null,
            usage: 0,
            limit_remaining: null,
            is_free_tier: false,
          },
        }),
    },
  ],
  readKey: readBearerKey,
  knowsModel: (model) => listedModels.some(({ id }) => id === model),
  writeFailure,
};
