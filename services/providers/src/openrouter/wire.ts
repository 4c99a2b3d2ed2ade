import type { ModelCard, Turn } from '@mosaic/proto';
import type OpenAI from 'openai';
import { codeFromStatus, makeFault, readRetryAfterMs } from '../app/vendor/vendor-fault.ts';
import type {
  ListedModel,
  Stop,
  Translation,
  VendorFault,
  VendorRequest,
} from '../app/vendor/vendor-port.ts';
import type { ChatChunk, ChatUsage } from '../openai-compatible/chat-translation.ts';
import { startChatTranslation } from '../openai-compatible/chat-translation.ts';
import { toChatWire } from '../openai-compatible/chat-wire.ts';
import type { WireError } from '../openai-compatible/explain-error.ts';

/** Our request for OpenRouter: the chat format with its nested `reasoning`. */
export function toWire(request: VendorRequest): OpenAI.Chat.ChatCompletionCreateParamsStreaming {
  return {
    ...toChatWire(request, replayDetails),
    ...(request.tools.length > 0 && { tool_choice: request.toolChoice }),
    // `reasoning` is OpenRouter's own field; the SDK passes it on.
    ...(request.effort && { reasoning: { effort: request.effort } }),
  };
}

/** The sealed details of the model's thinking go back as they came. */
function replayDetails(turn: Extract<Turn, { role: 'assistant' }>) {
  for (const part of turn.content) {
    if (part.type !== 'reasoning' || !part.signature) continue;
    try {
      const details: unknown = JSON.parse(part.signature);
      if (Array.isArray(details)) return { reasoning_details: details };
    } catch {
      // Not one of ours: leave it out.
    }
  }
  return {};
}

const stopReasons = new Map<string, Stop['unified']>([
  ['stop', 'stop'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['length', 'length'],
  ['content_filter', 'content-filter'],
]);

/** The finish reason in our words; `error` is a failure that the vendor ended politely. */
export function toStopReason(raw: string): Stop | VendorFault {
  if (raw === 'error') return makeFault('provider_failed', 'The upstream of OpenRouter failed.');
  return { unified: stopReasons.get(raw) ?? 'other', raw };
}

/** Credits are US dollars. With a key of one's own the upstream's bill comes on top of the fee. */
export function toCostUsd(usage: ChatUsage): number | null {
  if (typeof usage.cost !== 'number') return null;
  const upstream = usage.is_byok ? (usage.cost_details?.upstream_inference_cost ?? 0) : 0;
  return usage.cost + upstream;
}

export function startTranslation(): Translation<ChatChunk> {
  return startChatTranslation({
    toStop: toStopReason,
    toCostUsd,
    sealReasoning: (details) => JSON.stringify(details),
  });
}

/** Errors carry an HTTP status as `code`, in the answer and in a chunk alike. */
export function toFault(error: WireError): VendorFault {
  const status = Number(error.code) || error.status || 500;
  const metadata = readMetadata(error.body['metadata']);
  const message = metadata.raw ? `${error.message}: ${metadata.raw}` : error.message;
  const retryAfterMs = readRetryAfterMs(error.headers);
  // 402 with a wait is a limit on what runs at the same time, not an empty account.
  if (status === 402 && retryAfterMs !== null) {
    return makeFault('provider_rate_limited', message, retryAfterMs);
  }
  const isModeration = status === 403 && Array.isArray(metadata.reasons);
  const code = isModeration ? 'provider_content_filter' : codeFromStatus(status, message);
  return makeFault(
    code === 'provider_failed' && status === 502 ? 'provider_overloaded' : code,
    message,
    retryAfterMs,
  );
}

function readMetadata(metadata: unknown): { raw?: string; reasons?: unknown } {
  if (typeof metadata !== 'object' || metadata === null) return {};
  const raw = 'raw' in metadata && typeof metadata.raw === 'string' ? metadata.raw : undefined;
  const reasons = 'reasons' in metadata ? metadata.reasons : undefined;
  return { ...(raw && { raw }), ...(reasons !== undefined && { reasons }) };
}

interface OpenRouterModel {
  readonly name?: string;
  readonly context_length?: number | null;
  readonly top_provider?: { readonly max_completion_tokens?: number | null } | null;
  readonly supported_parameters?: readonly string[];
  readonly architecture?: { readonly input_modalities?: readonly string[] } | null;
  readonly pricing?: Readonly<Record<string, string>>;
}

/** What the live list says about a model; prices come as dollars per token, in text. */
export function describeModel(listed: unknown, today: string): Partial<ListedModel> {
  // The SDK's type knows ids only; the vendor documents these fields, each may be missing.
  const model = listed as OpenRouterModel;
  const takes = new Set(model.supported_parameters ?? []);
  const capabilities: ModelCard['capabilities'] = [];
  if (takes.has('tools')) capabilities.push('tools');
  if (model.architecture?.input_modalities?.includes('image')) capabilities.push('vision');
  if (takes.has('reasoning')) capabilities.push('reasoning');
  if (takes.has('response_format')) capabilities.push('json');
  return {
    name: model.name ?? null,
    contextTokens: positive(model.context_length),
    maxOutputTokens: positive(model.top_provider?.max_completion_tokens),
    capabilities: model.supported_parameters ? capabilities : null,
    price: toPrice(model.pricing, today),
  };
}

function positive(value: number | null | undefined): number | null {
  return value && value > 0 ? Math.floor(value) : null;
}

function toPrice(pricing: OpenRouterModel['pricing'], asOf: string): ListedModel['price'] {
  const perMillion = (text: string | undefined) => {
    const perToken = Number(text);
    // −1 marks models whose price depends on where the request ends up.
    return text === undefined || !(perToken >= 0) ? null : perToken * 1_000_000;
  };
  const input = perMillion(pricing?.['prompt']);
  const output = perMillion(pricing?.['completion']);
  if (input === null || output === null) return null;
  return {
    input,
    output,
    cacheRead: perMillion(pricing?.['input_cache_read']),
    cacheWrite: perMillion(pricing?.['input_cache_write']),
    source: 'https://openrouter.ai/api/v1/models',
    asOf,
  };
}
