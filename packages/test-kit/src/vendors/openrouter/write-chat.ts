import { callDeltas, wholeCalls } from '../chat-completions/tool-calls.ts';
import type { AnswerStop } from '../wire/answer.ts';
import type { Exchange, StatusFailure, WireAnswer, WireChunk } from '../wire/dialect.ts';
import { dataEvent, doneEvent, eventStream, jsonAnswer } from '../wire/write-json.ts';
import { costOf, listedModels } from './models.ts';
import { generationId, refuse } from './write-failure.ts';

const finishReasons: Record<AnswerStop, string> = {
  stop: 'stop',
  'tool-calls': 'tool_calls',
  length: 'length',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
};

const processing: WireChunk = { part: 'opening', text: ': OPENROUTER PROCESSING\n\n' };
const stillProcessing: WireChunk = { ...processing, part: 'frame' };
const CHUNKS_BETWEEN_COMMENTS = 40;

function usageOf({ answer: { usage }, model }: Exchange) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    cost: costOf(model, { input: usage.inputTokens, output: usage.outputTokens }),
    is_byok: false,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWriteTokens,
      audio_tokens: 0,
    },
    cost_details: { upstream_inference_cost: null },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

function idsOf(exchange: Exchange, object: string) {
  const { model, createdAt } = exchange;
  const upstream = listedModels.find(({ id }) => id === model)?.upstream ?? 'Simulated';
  return {
    id: generationId(exchange),
    provider: upstream,
    model,
    object,
    created: Math.floor(createdAt.getTime() / 1000),
  };
}

function reasoningDetail(text: string) {
  return { type: 'reasoning.text', text, format: 'unknown', index: 0 };
}

function completionOf(exchange: Exchange) {
  const { thinking, text, calls, stop } = exchange.answer;
  const thought = thinking.join('');
  const message = {
    role: 'assistant',
    content: text.join(''),
    refusal: null,
    reasoning: thought === '' ? null : thought,
    ...(thought === '' ? {} : { reasoning_details: [reasoningDetail(thought)] }),
    ...(calls.length > 0 ? { tool_calls: wholeCalls(calls) } : {}),
  };
  const choice = {
    logprobs: null,
    finish_reason: finishReasons[stop],
    native_finish_reason: finishReasons[stop],
    index: 0,
    message,
  };
  return { ...idsOf(exchange, 'chat.completion'), choices: [choice], usage: usageOf(exchange) };
}

function chunkOf(exchange: Exchange, delta: object, finish: string | null = null) {
  const choice = {
    index: 0,
    delta: { role: 'assistant', content: '', ...delta },
    finish_reason: finish,
    native_finish_reason: finish,
    logprobs: null,
  };
  return { ...idsOf(exchange, 'chat.completion.chunk'), choices: [choice] };
}

function streamOf(exchange: Exchange): readonly WireChunk[] {
  const { thinking, text, calls, stop } = exchange.answer;
  const deltas = [
    ...thinking.map((piece) => ({
      reasoning: piece,
      reasoning_details: [reasoningDetail(piece)],
    })),
    ...text.map((piece) => ({ content: piece })),
    ...calls.flatMap(callDeltas).map((call) => ({ content: null, tool_calls: [call] })),
  ];
  const content = deltas.flatMap((delta, index) => {
    const chunk = dataEvent('content', chunkOf(exchange, delta));
    return index % CHUNKS_BETWEEN_COMMENTS === 1 ? [stillProcessing, chunk] : [chunk];
  });
  return [
    processing,
    processing,
    ...content,
    dataEvent('finish', chunkOf(exchange, {}, finishReasons[stop])),
    // Usage comes with the very last chunk, asked for or not.
    dataEvent('finish', { ...chunkOf(exchange, {}), usage: usageOf(exchange) }),
    doneEvent,
  ];
}

/** Writes an answer of POST /chat/completions. */
export function writeChat(exchange: Exchange): WireAnswer {
  const headers = { 'x-generation-id': generationId(exchange) };
  if (!exchange.request.isStreamed) return jsonAnswer(completionOf(exchange), { headers });
  return eventStream(streamOf(exchange), headers);
}

/** After the first token: a chunk with a top-level error and finish reason "error". */
export function writeStreamFailure(
  failure: StatusFailure,
  exchange: Exchange,
): readonly WireChunk[] {
  const chunk = { ...chunkOf(exchange, {}, 'error'), error: refuse(failure) };
  return [dataEvent('finish', chunk)];
}
