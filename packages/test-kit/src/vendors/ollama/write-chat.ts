import { callId } from '../chat-completions/tool-calls.ts';
import type { AnswerStop } from '../wire/answer.ts';
import type { Exchange, StatusFailure, WireAnswer, WireChunk } from '../wire/dialect.ts';
import { asRecord } from '../wire/loose-json.ts';
import { jsonAnswer } from '../wire/write-json.ts';
import { errorBody } from './write-failure.ts';

const doneReasons: Record<AnswerStop, string> = {
  stop: 'stop',
  'tool-calls': 'stop',
  length: 'length',
  'content-filter': 'stop',
  refusal: 'stop',
};

const NANOSECONDS_PER_TOKEN = 9_000_000;
/** Tokens, on a machine with less than 24 GiB of video memory. */
const DEFAULT_CONTEXT = 4096;

function line(part: WireChunk['part'], value: object): WireChunk {
  return { part, text: `${JSON.stringify(value)}\n` };
}

/** What does not fit the context is dropped without a word; only the count tells. */
function countRead({ answer, request }: Exchange): number {
  const window = Number(asRecord(request.body['options'])['num_ctx'] ?? DEFAULT_CONTEXT);
  return Math.min(answer.usage.inputTokens, window);
}

/** Durations are nanoseconds. */
function lastOf(exchange: Exchange) {
  const { stop, usage } = exchange.answer;
  return {
    done: true,
    done_reason: doneReasons[stop],
    total_duration: 120_000_000 + usage.outputTokens * NANOSECONDS_PER_TOKEN,
    load_duration: 38_000_000,
    prompt_eval_count: countRead(exchange),
    prompt_eval_duration: 61_000_000,
    eval_count: usage.outputTokens,
    eval_duration: usage.outputTokens * NANOSECONDS_PER_TOKEN,
  };
}

/** Calls arrive whole, arguments as an object; older builds gave them no id. */
function callsOf({ answer }: Exchange): readonly object[] {
  return answer.calls.map((call, index) => ({
    id: callId(call.id),
    function: { index, name: call.name, arguments: JSON.parse(call.argumentsJson) },
  }));
}

function headOf({ model, createdAt }: Exchange) {
  // Ollama writes nanoseconds; a reader that expects milliseconds must not trip over them.
  return { model, created_at: createdAt.toISOString().replace('Z', '123456Z') };
}

function streamOf(exchange: Exchange): readonly WireChunk[] {
  const { thinking, text } = exchange.answer;
  const calls = callsOf(exchange);
  const message = (part: WireChunk['part'], said: object, rest: object = { done: false }) =>
    line(part, {
      ...headOf(exchange),
      message: { role: 'assistant', content: '', ...said },
      ...rest,
    });
  return [
    ...thinking.map((piece) => message('content', { thinking: piece })),
    ...text.map((piece) => message('content', { content: piece })),
    ...(calls.length > 0 ? [message('content', { tool_calls: calls })] : []),
    message('finish', {}, lastOf(exchange)),
  ];
}

function completionOf(exchange: Exchange) {
  const { thinking, text } = exchange.answer;
  const calls = callsOf(exchange);
  const message = {
    role: 'assistant',
    content: text.join(''),
    ...(thinking.length > 0 ? { thinking: thinking.join('') } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return { ...headOf(exchange), message, ...lastOf(exchange) };
}

/** Writes an answer of POST /api/chat: newline-separated JSON. */
export function writeChat(exchange: Exchange): WireAnswer {
  if (!exchange.request.isStreamed) {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return jsonAnswer(completionOf(exchange), { headers });
  }
  const headers = { 'content-type': 'application/x-ndjson' };
  return { status: 200, headers, chunks: streamOf(exchange) };
}

/** After HTTP 200 an error is a line with nothing but the error. */
export function writeStreamFailure(failure: StatusFailure): readonly WireChunk[] {
  return [line('finish', errorBody(failure))];
}
