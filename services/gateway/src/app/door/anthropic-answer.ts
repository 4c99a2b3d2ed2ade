import type { CompletionPart, MosaicError, StopReason, Usage } from '@mosaic/proto';

export interface MessageIdentity {
  readonly id: string;
  readonly model: string;
}

/** A message before anything was said. */
export function emptyMessage(identity: MessageIdentity) {
  return {
    ...identity,
    type: 'message',
    role: 'assistant',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 0, output_tokens: 0 },
  };
}

/** The whole answer as one message; `parts` end with `end`. */
export function toMessage(
  identity: MessageIdentity,
  parts: readonly CompletionPart[],
): Readonly<Record<string, unknown>> {
  const end = parts.findLast((part) => part.type === 'end');
  return {
    ...emptyMessage(identity),
    content: contentOf(parts),
    ...(end === undefined
      ? {}
      : { stop_reason: stopReason(end.stop.unified), usage: toMessageUsage(end.usage) }),
  };
}

interface ThinkingBlock {
  readonly type: 'thinking';
  thinking: string;
  signature: string;
}
type ContentBlock = { readonly type: 'text'; text: string } | ThinkingBlock | ToolUseBlock;
interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Pieces of the same kind that follow each other are one block. */
function contentOf(parts: readonly CompletionPart[]): readonly ContentBlock[] {
  const blocks: ContentBlock[] = [];
  for (const part of parts) {
    const last = blocks.at(-1);
    if (part.type === 'text') {
      if (last?.type === 'text') last.text += part.text;
      else blocks.push({ type: 'text', text: part.text });
    } else if (part.type === 'reasoning') {
      const { signature = '', text: thinking } = part;
      if (last?.type !== 'thinking') blocks.push({ type: 'thinking', thinking, signature });
      else {
        last.thinking += thinking;
        last.signature += signature;
      }
    } else if (part.type === 'tool-call') {
      const { arguments: input, id, name } = part.call;
      blocks.push({ type: 'tool_use', id, name, input });
    }
  }
  return blocks;
}

/** Why the model stopped, in Anthropic's words. */
export function stopReason(stop: StopReason): string {
  const words: Readonly<Record<StopReason, string>> = {
    stop: 'end_turn',
    'tool-calls': 'tool_use',
    length: 'max_tokens',
    'content-filter': 'refusal',
    refusal: 'refusal',
    'context-exceeded': 'model_context_window_exceeded',
    // Not one of Anthropic's words on purpose: nobody shall take it for a success.
    other: 'other',
  };
  return words[stop];
}

/** Tokens as Anthropic counts them: what was read from a cache is not part of the input. */
export function toMessageUsage(usage: Usage) {
  return {
    input_tokens: usage.inputTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    cache_creation_input_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
    output_tokens: usage.outputTokens + usage.reasoningTokens,
  };
}

/** An error in Anthropic's form. */
export function toAnthropicError(
  error: MosaicError,
  traceId: string,
): { readonly status: number; readonly body: object } {
  const isUnknownModel = error.code === 'unknown_model' || error.code === 'unknown_agent';
  const status = isUnknownModel ? 404 : error.status;
  const detail = { type: anthropicErrorType(status), message: error.message };
  return { status, body: { type: 'error', error: detail, request_id: traceId } };
}

function anthropicErrorType(status: number): string {
  const types = new Map([
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, 'request_too_large'],
    [429, 'rate_limit_error'],
    [503, 'overloaded_error'],
  ]);
  return types.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
}
