import { callDeltas, wholeCalls } from '../chat-completions/tool-calls.ts';
import type { AnsweredUsage, AnswerStop } from '../wire/answer.ts';
import type { Exchange, StatusFailure, WireAnswer, WireChunk } from '../wire/dialect.ts';
import { asRecord } from '../wire/loose-json.ts';
import { dataEvent, doneEvent, eventStream, jsonAnswer } from '../wire/write-json.ts';
import { errorBody, responseHeaders } from './write-failure.ts';

export const finishReasons: Record<AnswerStop, string> = {
  stop: 'stop',
  'tool-calls': 'tool_calls',
  length: 'length',
  'content-filter': 'content_filter',
  refusal: 'stop',
};

/** `prompt_tokens` includes the cached ones, `completion_tokens` the reasoning. */
function usageOf(usage: AnsweredUsage) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function idsOf({ id, createdAt, model }: Exchange, object: string) {
  return {
    id: `chatcmpl-${id}`,
    object,
    created: Math.floor(createdAt.getTime() / 1000),
    model,
    service_tier: 'default',
    system_fingerprint: null,
  };
}

function completionOf(exchange: Exchange) {
  const { text, calls, stop, usage } = exchange.answer;
  const isRefused = stop === 'refusal';
  const said = text.length > 0 ? text.join('') : null;
  const message = {
    role: 'assistant',
    content: isRefused ? null : said,
    ...(calls.length > 0 ? { tool_calls: wholeCalls(calls) } : {}),
    refusal: isRefused ? said : null,
    annotations: [],
  };
  return {
    ...idsOf(exchange, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasons[stop] }],
    usage: usageOf(usage),
  };
}

function streamOf(exchange: Exchange): readonly WireChunk[] {
  const { text, calls, stop, usage } = exchange.answer;
  const includesUsage = asRecord(exchange.request.body['stream_options'])['include_usage'] === true;
  const base = {
    ...idsOf(exchange, 'chat.completion.chunk'),
    // With include_usage every chunk carries the field; only the extra last one fills it.
    ...(includesUsage ? { usage: null } : {}),
  };
  const chunk = (delta: object, finish: string | null = null) => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const opening = { role: 'assistant', ...(text.length > 0 ? { content: '' } : { content: null }) };
  const field = stop === 'refusal' ? 'refusal' : 'content';
  return [
    dataEvent('opening', chunk({ ...opening, refusal: null })),
    ...text.map((piece) => dataEvent('content', chunk({ [field]: piece }))),
    ...calls.flatMap(callDeltas).map((call) => dataEvent('content', chunk({ tool_calls: [call] }))),
    dataEvent('finish', chunk({}, finishReasons[stop])),
    ...(includesUsage
      ? [dataEvent('finish', { ...base, choices: [], usage: usageOf(usage) })]
      : []),
    doneEvent,
  ];
}

/** Writes an answer of POST /v1/chat/completions. */
export function writeChat(exchange: Exchange): WireAnswer {
  const headers = responseHeaders(exchange);
  if (!exchange.request.isStreamed) return jsonAnswer(completionOf(exchange), { headers });
  return eventStream(streamOf(exchange), headers);
}

/** After HTTP 200 an error is an event with an `error` key, and nothing behind it. */
export function writeChatStreamFailure(failure: StatusFailure): readonly WireChunk[] {
  return [dataEvent('finish', errorBody(failure))];
}
