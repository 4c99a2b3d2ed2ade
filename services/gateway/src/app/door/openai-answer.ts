import {
  type CompletionPart,
  type MosaicError,
  type StopReason,
  totalInputTokens,
  type Usage,
} from '@mosaic/proto';

/** What stands in every piece of one answer. */
export interface ChatIdentity {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
}

type ChatChunk = Readonly<Record<string, unknown>>;

/** Turns our parts into chunks of a streamed chat completion, one after the other. */
export function startChatChunks(
  identity: ChatIdentity,
  wantsUsage: boolean,
): (part: CompletionPart) => readonly ChatChunk[] {
  const head = { ...identity, object: 'chat.completion.chunk' };
  const chunk = (delta: object, finish: string | null = null): ChatChunk => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(wantsUsage ? { usage: null } : {}),
  });
  /** Place of each call in the answer, and whether its arguments were sent in pieces. */
  const calls = new Map<string, { readonly index: number; hasPieces: boolean }>();
  const openCall = (id: string, name: string): readonly ChatChunk[] => {
    if (calls.has(id)) return [];
    const index = calls.size;
    calls.set(id, { index, hasPieces: false });
    const call = { index, id, type: 'function', function: { name, arguments: '' } };
    return [chunk({ tool_calls: [call] })];
  };
  const addArguments = (id: string, json: string): readonly ChatChunk[] => {
    const call = calls.get(id);
    if (call === undefined) return [];
    call.hasPieces = true;
    return [chunk({ tool_calls: [{ index: call.index, function: { arguments: json } }] })];
  };
  return (part) => {
    switch (part.type) {
      case 'start':
        return [chunk({ role: 'assistant', content: '' })];
      case 'text':
        return [chunk({ content: part.text })];
      case 'reasoning':
        return [chunk({ reasoning_content: part.text })];
      case 'tool-call-start':
        return openCall(part.id, part.name);
      case 'tool-call-delta':
        return addArguments(part.id, part.json);
      case 'tool-call': {
        const { id, name } = part.call;
        const opened = openCall(id, name);
        if (calls.get(id)?.hasPieces === true) return opened;
        return [...opened, ...addArguments(id, JSON.stringify(part.call.arguments))];
      }
      case 'end': {
        const last = chunk({}, finishReason(part.stop.unified));
        const usage = { ...head, choices: [], usage: toChatUsage(part.usage) };
        return wantsUsage ? [last, usage] : [last];
      }
      case 'usage':
      case 'warning':
      case 'error':
        return [];
      default:
        return part satisfies never;
    }
  };
}

/** The whole answer as one chat completion; `parts` end with `end`. */
export function toChatCompletion(
  identity: ChatIdentity,
  parts: readonly CompletionPart[],
): Readonly<Record<string, unknown>> {
  const join = (type: 'text' | 'reasoning') =>
    parts.flatMap((part) => (part.type === type ? [part.text] : [])).join('');
  const calls = parts.flatMap((part) => {
    if (part.type !== 'tool-call') return [];
    const { id, name } = part.call;
    return [
      { id, type: 'function', function: { name, arguments: JSON.stringify(part.call.arguments) } },
    ];
  });
  const end = parts.findLast((part) => part.type === 'end');
  const text = join('text');
  const reasoning = join('reasoning');
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  const finish = end === undefined ? null : finishReason(end.stop.unified);
  return {
    ...identity,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
    ...(end === undefined ? {} : { usage: toChatUsage(end.usage) }),
  };
}

function finishReason(stop: StopReason): string {
  const words: Readonly<Record<StopReason, string>> = {
    stop: 'stop',
    'tool-calls': 'tool_calls',
    length: 'length',
    'content-filter': 'content_filter',
    refusal: 'content_filter',
    'context-exceeded': 'length',
    // Not one of OpenAI's words on purpose: nobody shall take it for a success.
    other: 'other',
  };
  return words[stop];
}

function toChatUsage(usage: Usage) {
  const input = totalInputTokens(usage);
  const output = usage.outputTokens + usage.reasoningTokens;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

/** An error in OpenAI's form. */
export function toOpenAiError(error: MosaicError): {
  readonly status: number;
  readonly body: { readonly error: Readonly<Record<string, unknown>> };
} {
  const isUnknownModel = error.code === 'unknown_model' || error.code === 'unknown_agent';
  const status = isUnknownModel ? 404 : error.status;
  const code = isUnknownModel ? 'model_not_found' : error.code;
  const type = openAiErrorType(status);
  return { status, body: { error: { message: error.message, type, param: null, code } } };
}

function openAiErrorType(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 402) return 'insufficient_quota';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
