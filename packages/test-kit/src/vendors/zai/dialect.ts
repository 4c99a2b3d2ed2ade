import { readChat } from '../chat-completions/read-chat.ts';
import { readBearerKey } from '../wire/bearer-key.ts';
import type { Dialect, Failure } from '../wire/dialect.ts';
import { asRecord, type JsonRecord } from '../wire/loose-json.ts';
import type { SeenRequest } from '../wire/seen-request.ts';
import { jsonAnswer } from '../wire/write-json.ts';
import { writeChat, writeStreamFailure } from './write-chat.ts';
import { writeFailure } from './write-failure.ts';

const models = ['glm-5', 'glm-4.7'].map((id) => ({
  id,
  object: 'model',
  created: 1_770_768_000,
  owned_by: 'z-ai',
}));

/** GLM-5 and 4.7 think unless told not to; tools are chosen by the model alone. */
function readZaiChat(body: JsonRecord): SeenRequest | Failure {
  const choice = body['tool_choice'];
  if (choice !== undefined && choice !== 'auto') {
    const message = 'tool_choice only supports auto.';
    return { kind: 'invalid-request', message, field: 'tool_choice' };
  }
  return readChat(body, asRecord(body['thinking'])['type'] !== 'disabled');
}

/** Z.ai: chat completions with reasoning_content and business error codes. */
export const zai: Dialect = {
  vendor: 'zai',
  prefix: '/zai/api/paas/v4',
  endpoints: [
    {
      purpose: 'completion',
      method: 'POST',
      path: '/chat/completions',
      read: readZaiChat,
      write: writeChat,
      writeStreamFailure,
    },
    {
      purpose: 'models',
      method: 'GET',
      path: '/models',
      answer: () => jsonAnswer({ object: 'list', data: models }),
    },
  ],
  readKey: readBearerKey,
  knowsModel: (model) => models.some(({ id }) => id === model),
  writeFailure,
};
