import { callDeltas, callId, wholeCalls } from '../chat-completions/tool-calls.ts';
import type { AnsweredUsage, AnswerStop } from '../wire/answer.ts';
import type { Exchange, StatusFailure, WireAnswer, WireChunk } from '../wire/dialect.ts';
import { dataEvent, doneEvent, eventStream, jsonAnswer } from '../wire/write-json.ts';
import { refuse, requestId } from './write-failure.ts';

const finishReasons: Record<AnswerStop, string> = {
  stop: 'stop',
  'tool-calls': 'tool_calls',
  length: 'length',
  'content-filter': 'sensitive',
  refusal: 'sensitive',
};

function usageOf(usage: AnsweredUsage) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

function idsOf(exchange: Exchange) {
  return {
    id: requestId(exchange),
    created: Math.floor(exchange.createdAt.getTime() / 1000),
    model: exchange.model,
  };
}

function completionOf(exchange: Exchange) {
  const { thinking, text, calls, stop, usage } = exchange.answer;
  const message = {
    role: 'assistant',
    content: text.join(''),
    ...(thinking.length > 0 ? { reasoning_content: thinking.join('') } : {}),
    ...(calls.length > 0 ? { tool_calls: wholeCalls(calls) } : {}),
  };
  return {
    ...idsOf(exchange),
    object: 'chat.completion',
    request_id: requestId(exchange),
    choices: [{ index: 0, finish_reason: finishReasons[stop], message }],
    usage: usageOf(usage),
  };
}

/** Without `tool_stream` a call arrives whole in one chunk, after a silence. */
function toolDeltas({ answer, request }: Exchange): readonly object[] {
  if (request.body['tool_stream'] === true) return answer.calls.flatMap(callDeltas);
  return answer.calls.map((call, index) => ({
    index,
    id: callId(call.id),
    type: 'function',
    function: { name: call.name, arguments: call.argumentsJson },
  }));
}

function streamOf(exchange: Exchange): readonly WireChunk[] {
  const { thinking, text, stop, usage } = exchange.answer;
  const base = { ...idsOf(exchange), object: 'chat.completion.chunk' };
  const chunk = (delta: object) => ({
    ...base,
    choices: [{ index: 0, delta: { role: 'assistant', ...delta } }],
  });
  const last = {
    index: 0,
    finish_reason: finishReasons[stop],
    delta: { role: 'assistant', content: '' },
  };
  return [
    ...thinking.map((piece) => dataEvent('content', chunk({ reasoning_content: piece }))),
    ...text.map((piece) => dataEvent('content', chunk({ content: piece }))),
    ...toolDeltas(exchange).map((call) => dataEvent('content', chunk({ tool_calls: [call] }))),
    dataEvent('finish', { ...base, choices: [last], usage: null }),
    // Usage comes behind the finish chunk: who stops reading there never learns it.
    dataEvent('finish', { ...base, choices: [], usage: usageOf(usage) }),
    doneEvent,
  ];
}

/** Writes an answer of POST /chat/completions. */
export function writeChat(exchange: Exchange): WireAnswer {
  if (!exchange.request.isStreamed) return jsonAnswer(completionOf(exchange));
  return eventStream(streamOf(exchange), {});
}

/** After HTTP 200 the business code comes inside a chunk, which has no choices then. */
export function writeStreamFailure(
  failure: StatusFailure,
  exchange: Exchange,
): readonly WireChunk[] {
  const { code, message } = refuse(failure);
  const chunk = { ...idsOf(exchange), choices: [], usage: null, error: { code, message } };
  return [dataEvent('finish', chunk)];
}
