import { callId } from '../chat-completions/tool-calls.ts';
import type { AnsweredUsage } from '../wire/answer.ts';
import type { Exchange } from '../wire/dialect.ts';
import { asList } from '../wire/loose-json.ts';

/** One output item as its events need it: empty at first, whole at the end. */
export interface OutputItem {
  readonly kind: 'reasoning' | 'message' | 'function_call';
  readonly id: string;
  readonly empty: object;
  readonly whole: object;
}

export function outputText(text: string) {
  return { type: 'output_text', annotations: [], logprobs: [], text };
}

export function summaryText(text: string) {
  return { type: 'summary_text', text };
}

/** What an answer consists of, in the order of the wire: reasoning, message, function calls. */
export function outputItems({ id, answer, request }: Exchange): readonly OutputItem[] {
  const { thinking, text, calls, stop } = answer;
  const status = stop === 'length' || stop === 'content-filter' ? 'incomplete' : 'completed';
  const reasoningId = `rs_${id}`;
  const messageId = `msg_${id}`;
  const message = { id: messageId, type: 'message', role: 'assistant' };
  const said =
    stop === 'refusal' ? { type: 'refusal', refusal: text.join('') } : outputText(text.join(''));
  const reasoning: OutputItem = {
    kind: 'reasoning',
    id: reasoningId,
    empty: { id: reasoningId, type: 'reasoning', summary: [] },
    whole: {
      id: reasoningId,
      type: 'reasoning',
      summary: [summaryText(thinking.join(''))],
      // Only for who asks: what is not stored there has to come back with the next turn.
      ...(asList(request.body['include']).includes('reasoning.encrypted_content') && {
        encrypted_content: `simulated-seal-${id}`,
      }),
    },
  };
  const spoken: OutputItem = {
    kind: 'message',
    id: messageId,
    empty: { ...message, status: 'in_progress', content: [] },
    whole: { ...message, status, content: [said] },
  };
  const called = calls.map((call, index): OutputItem => {
    const item = { id: `fc_${id}${index}`, type: 'function_call' };
    const named = { call_id: callId(call.id), name: call.name };
    return {
      kind: 'function_call',
      id: item.id,
      empty: { ...item, status: 'in_progress', arguments: '', ...named },
      whole: { ...item, status: 'completed', arguments: call.argumentsJson, ...named },
    };
  });
  return [
    ...(thinking.length > 0 ? [reasoning] : []),
    ...(text.length > 0 ? [spoken] : []),
    ...called,
  ];
}

function usageOf(usage: AnsweredUsage) {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWriteTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

/** The response while it runs: no output, no usage. */
export function runningResponse({ id, createdAt, model, request }: Exchange) {
  const { body } = request;
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: Math.floor(createdAt.getTime() / 1000),
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    model,
    output: [],
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: null,
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    reasoning: body['reasoning'] ?? { effort: 'none', summary: null },
    safety_identifier: null,
    service_tier: 'auto',
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: body['text'] ?? { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_logprobs: 0,
    top_p: body['top_p'] ?? 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: body['metadata'] ?? {},
  };
}

const incompleteReasons: Readonly<Record<string, string>> = {
  length: 'max_output_tokens',
  'content-filter': 'content_filter',
};

/** The response when it is over: `completed`, or `incomplete` with the reason. */
export function finishedResponse(exchange: Exchange) {
  const { stop, usage } = exchange.answer;
  const reason = incompleteReasons[stop];
  return {
    ...runningResponse(exchange),
    status: reason === undefined ? 'completed' : 'incomplete',
    incomplete_details: reason === undefined ? null : { reason },
    output: outputItems(exchange).map((item) => item.whole),
    service_tier: 'default',
    usage: usageOf(usage),
  };
}
