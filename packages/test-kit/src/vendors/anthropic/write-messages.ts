import { type AnsweredUsage, type AnswerStop, splitArguments } from '../wire/answer.ts';
import type { Exchange, StatusFailure, WireAnswer, WireChunk } from '../wire/dialect.ts';
import { eventStream, jsonAnswer, typedEvent } from '../wire/write-json.ts';
import { errorBody, responseHeaders } from './write-failure.ts';

const stopReasons: Record<AnswerStop, string> = {
  stop: 'end_turn',
  'tool-calls': 'tool_use',
  length: 'max_tokens',
  'content-filter': 'refusal',
  refusal: 'refusal',
};

/** `input_tokens` leaves out what the prompt cache read or wrote: that is Anthropic's own count. */
function usageOf(usage: AnsweredUsage, outputTokens: number) {
  return {
    input_tokens: usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteTokens,
      ephemeral_1h_input_tokens: 0,
    },
    output_tokens: outputTokens,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    inference_geo: null,
    server_tool_use: null,
    service_tier: 'standard',
    speed: 'standard',
  };
}

/** The last event counts less finely than the first: it does not split what was written to caches. */
function deltaUsageOf(usage: AnsweredUsage) {
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usageOf(usage, 0);
  return {
    input_tokens,
    cache_creation_input_tokens,
    cache_read_input_tokens,
    output_tokens: usage.outputTokens,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    server_tool_use: null,
  };
}

/** Why the vendor declined, as far as it says. */
function stopDetailsOf(stop: AnswerStop) {
  if (stopReasons[stop] !== 'refusal') return null;
  return { type: 'refusal', category: null, explanation: null };
}

function toolUseId(id: string): string {
  return id.startsWith('toolu_') ? id : `toolu_01${id}`;
}

function signatureOf({ id }: Exchange): string {
  return Buffer.from(`simulated-signature-${id}`).toString('base64');
}

const caller = { type: 'direct' };

interface Block {
  readonly start: object;
  readonly deltas: readonly object[];
  /** The block as a unary answer shows it. */
  readonly whole: object;
}

function blocksOf(exchange: Exchange): readonly Block[] {
  const { thinking, text, calls } = exchange.answer;
  const signature = signatureOf(exchange);
  const thought: Block = {
    start: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      ...thinking.map((piece) => ({ type: 'thinking_delta', thinking: piece })),
      { type: 'signature_delta', signature },
    ],
    whole: { type: 'thinking', thinking: thinking.join(''), signature },
  };
  const said: Block = {
    start: { type: 'text', text: '', citations: null },
    deltas: text.map((piece) => ({ type: 'text_delta', text: piece })),
    whole: { type: 'text', text: text.join(''), citations: null },
  };
  const called = calls.map((call): Block => {
    const named = { type: 'tool_use', id: toolUseId(call.id), name: call.name };
    return {
      start: { ...named, input: {}, caller },
      deltas: ['', ...splitArguments(call.argumentsJson)].map((piece) => ({
        type: 'input_json_delta',
        partial_json: piece,
      })),
      whole: { ...named, input: JSON.parse(call.argumentsJson), caller },
    };
  });
  return [...(thinking.length > 0 ? [thought] : []), ...(text.length > 0 ? [said] : []), ...called];
}

function messageOf(exchange: Exchange) {
  const { answer, model, id } = exchange;
  return {
    model,
    id: `msg_01${id.slice(0, 22)}`,
    type: 'message',
    role: 'assistant',
    content: blocksOf(exchange).map((block) => block.whole),
    stop_reason: stopReasons[answer.stop],
    stop_sequence: null,
    stop_details: stopDetailsOf(answer.stop),
    container: null,
    diagnostics: null,
    usage: usageOf(answer.usage, answer.usage.outputTokens),
  };
}

function blockEvents({ start, deltas }: Block, index: number): readonly WireChunk[] {
  const opening = { type: 'content_block_start', index, content_block: start };
  return [
    typedEvent('frame', opening),
    // The first block is followed by a ping on the real wire; readers must skip it.
    ...(index === 0 ? [typedEvent('frame', { type: 'ping' })] : []),
    ...deltas.map((delta) => {
      const data = { type: 'content_block_delta', index, delta };
      return typedEvent('content', data);
    }),
    typedEvent('frame', { type: 'content_block_stop', index }),
  ];
}

function streamOf(exchange: Exchange): readonly WireChunk[] {
  const { answer } = exchange;
  const message = {
    ...messageOf(exchange),
    content: [],
    stop_reason: null,
    stop_details: null,
    usage: usageOf(answer.usage, 1),
  };
  const delta = {
    type: 'message_delta',
    delta: {
      stop_reason: stopReasons[answer.stop],
      stop_sequence: null,
      stop_details: stopDetailsOf(answer.stop),
      container: null,
    },
    usage: deltaUsageOf(answer.usage),
  };
  const opening = { type: 'message_start', message };
  return [
    typedEvent('opening', opening),
    ...blocksOf(exchange).flatMap(blockEvents),
    typedEvent('finish', delta),
    typedEvent('finish', { type: 'message_stop' }),
  ];
}

/** Writes an answer of POST /v1/messages, as of API version 2026-10-21. */
export function writeMessages(exchange: Exchange): WireAnswer {
  const headers = responseHeaders(exchange);
  if (!exchange.request.isStreamed) return jsonAnswer(messageOf(exchange), { headers });
  return eventStream(streamOf(exchange), headers);
}

/** The event by which Anthropic reports an error after HTTP 200; there is nothing behind it. */
export function writeStreamFailure(
  failure: StatusFailure,
  exchange: Exchange,
): readonly WireChunk[] {
  return [typedEvent('finish', errorBody(failure, exchange))];
}
