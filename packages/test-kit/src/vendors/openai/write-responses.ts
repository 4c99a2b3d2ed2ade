import { splitArguments } from '../wire/answer.ts';
import type { Exchange, StatusFailure, WireAnswer, WireChunk } from '../wire/dialect.ts';
import { eventStream, jsonAnswer, typedEvent } from '../wire/write-json.ts';
import {
  finishedResponse,
  type OutputItem,
  outputItems,
  outputText,
  runningResponse,
  summaryText,
} from './response-object.ts';
import { refuse, responseHeaders } from './write-failure.ts';

interface Event {
  readonly part: WireChunk['part'];
  readonly type: string;
  readonly data: object;
}

function event(part: WireChunk['part'], type: string, data: object): Event {
  return { part, type: `response.${type}`, data };
}

function reasoningEvents(pieces: readonly string[], at: object): readonly Event[] {
  const where = { ...at, summary_index: 0 };
  const text = pieces.join('');
  return [
    event('frame', 'reasoning_summary_part.added', { ...where, part: summaryText('') }),
    ...pieces.map((delta) => event('content', 'reasoning_summary_text.delta', { ...where, delta })),
    event('frame', 'reasoning_summary_text.done', { ...where, text }),
    event('frame', 'reasoning_summary_part.done', { ...where, part: summaryText(text) }),
  ];
}

function refusalEvents(pieces: readonly string[], at: object): readonly Event[] {
  const where = { ...at, content_index: 0 };
  const refusal = pieces.join('');
  const part = (text: string) => ({ type: 'refusal', refusal: text });
  return [
    event('frame', 'content_part.added', { ...where, part: part('') }),
    ...pieces.map((delta) => event('content', 'refusal.delta', { ...where, delta })),
    event('frame', 'refusal.done', { ...where, refusal }),
    event('frame', 'content_part.done', { ...where, part: part(refusal) }),
  ];
}

function textEvents(pieces: readonly string[], at: object): readonly Event[] {
  const where = { ...at, content_index: 0 };
  const text = pieces.join('');
  return [
    event('frame', 'content_part.added', { ...where, part: outputText('') }),
    ...pieces.map((delta) =>
      event('content', 'output_text.delta', { ...where, delta, logprobs: [], obfuscation: 'x4Kq' }),
    ),
    event('frame', 'output_text.done', { ...where, text, logprobs: [] }),
    event('frame', 'content_part.done', { ...where, part: outputText(text) }),
  ];
}

function callEvents(name: string, json: string, at: object): readonly Event[] {
  return [
    ...splitArguments(json).map((delta) =>
      event('content', 'function_call_arguments.delta', { ...at, delta, obfuscation: 'x4Kq' }),
    ),
    event('frame', 'function_call_arguments.done', { ...at, arguments: json, name }),
  ];
}

function itemEvents(exchange: Exchange, item: OutputItem, index: number): readonly Event[] {
  const { thinking, text, calls, stop } = exchange.answer;
  const at = { item_id: item.id, output_index: index };
  if (item.kind === 'reasoning') return reasoningEvents(thinking, at);
  if (item.kind === 'message') {
    return stop === 'refusal' ? refusalEvents(text, at) : textEvents(text, at);
  }
  const others = outputItems(exchange).length - calls.length;
  const call = calls[index - others];
  return call === undefined ? [] : callEvents(call.name, call.argumentsJson, at);
}

function streamOf(exchange: Exchange): readonly WireChunk[] {
  const running = { response: runningResponse(exchange) };
  const finished = { response: finishedResponse(exchange) };
  const items = outputItems(exchange).flatMap((item, index) => [
    event('frame', 'output_item.added', { output_index: index, item: item.empty }),
    ...itemEvents(exchange, item, index),
    event('frame', 'output_item.done', { output_index: index, item: item.whole }),
  ]);
  const events = [
    event('opening', 'created', running),
    event('opening', 'in_progress', running),
    ...items,
    event('finish', finished.response.status, finished),
  ];
  return events.map(({ part, type, data }, sequence) =>
    typedEvent(part, { type, sequence_number: sequence, ...data }),
  );
}

/** Writes an answer of POST /v1/responses. The stream has no [DONE]: the terminal event is the end. */
export function writeResponses(exchange: Exchange): WireAnswer {
  const headers = responseHeaders(exchange);
  if (!exchange.request.isStreamed) return jsonAnswer(finishedResponse(exchange), { headers });
  return eventStream(streamOf(exchange), headers);
}

/** After response.created an error is the terminal event response.failed. */
export function writeResponsesStreamFailure(
  failure: StatusFailure,
  exchange: Exchange,
  chunksSent: number,
): readonly WireChunk[] {
  const { code, message } = refuse(failure);
  const response = {
    ...runningResponse(exchange),
    status: 'failed',
    error: { code: code ?? 'server_error', message },
  };
  const data = { type: 'response.failed', sequence_number: chunksSent, response };
  return [typedEvent('finish', data)];
}
