import type { Dialect, Failure, WireAnswer } from '../wire/dialect.ts';
import { asText, type JsonRecord } from '../wire/loose-json.ts';
import { countTokens } from '../wire/seen-request.ts';
import { jsonAnswer } from '../wire/write-json.ts';
import { embedWords } from './embed-words.ts';
import { findLocalModel, listTags, showModel } from './models.ts';
import { readChat } from './read-chat.ts';
import { writeChat, writeStreamFailure } from './write-chat.ts';
import { writeFailure } from './write-failure.ts';

interface Asked {
  readonly body: JsonRecord;
}

function show({ body }: Asked): WireAnswer | Failure {
  const name = asText(body['model']) || asText(body['name']);
  const model = findLocalModel(name);
  return model === undefined
    ? { kind: 'unknown-model', model: name }
    : jsonAnswer(showModel(model));
}

function embed({ body }: Asked): WireAnswer | Failure {
  const name = asText(body['model']);
  const model = findLocalModel(name);
  if (model === undefined) return { kind: 'unknown-model', model: name };
  if (!model.capabilities.includes('embedding')) {
    return { kind: 'invalid-request', message: 'this model does not support embeddings' };
  }
  const given = body['input'] ?? [];
  const inputs = (Array.isArray(given) ? given : [given]).map(asText);
  const tokens = inputs.map(countTokens);
  if (body['truncate'] === false && tokens.some((count) => count > model.context)) {
    return { kind: 'invalid-request', message: 'the input length exceeds the context length' };
  }
  return jsonAnswer({
    model: name,
    embeddings: inputs.map(embedWords),
    total_duration: 14_143_917,
    load_duration: 1_019_500,
    prompt_eval_count: tokens.reduce((sum, count) => sum + count, 0),
  });
}

const greeting: WireAnswer = {
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  chunks: [{ part: 'content', text: 'Ollama is running' }],
};

/** Ollama: its own API, not the OpenAI-compatible door. */
export const ollama: Dialect = {
  vendor: 'ollama',
  prefix: '/ollama',
  endpoints: [
    {
      purpose: 'completion',
      method: 'POST',
      path: '/api/chat',
      read: readChat,
      write: writeChat,
      writeStreamFailure,
    },
    { purpose: 'models', method: 'GET', path: '/api/tags', answer: () => jsonAnswer(listTags()) },
    { purpose: 'models', method: 'POST', path: '/api/show', answer: show },
    { purpose: 'embed', method: 'POST', path: '/api/embed', answer: embed },
    {
      purpose: 'other',
      method: 'GET',
      path: '/api/version',
      answer: () => jsonAnswer({ version: '0.13.5' }),
    },
    {
      purpose: 'other',
      method: 'GET',
      path: '/api/ps',
      answer: () => jsonAnswer({ models: [] }),
    },
    { purpose: 'other', method: 'GET', path: /^\/?$/, answer: () => greeting },
    { purpose: 'other', method: 'HEAD', path: /^\/?$/, answer: () => greeting },
  ],
  readKey: () => null,
  knowsModel: (model) => findLocalModel(model) !== undefined,
  writeFailure,
};
