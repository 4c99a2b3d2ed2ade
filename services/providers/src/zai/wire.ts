import type { ErrorCode, Turn } from '@mosaic/proto';
import type OpenAI from 'openai';
import { codeFromStatus, makeFault, readRetryAfterMs } from '../app/vendor/vendor-fault.ts';
import type { Stop, Translation, VendorFault, VendorRequest } from '../app/vendor/vendor-port.ts';
import type { ChatChunk } from '../openai-compatible/chat-translation.ts';
import { startChatTranslation } from '../openai-compatible/chat-translation.ts';
import { toChatWire } from '../openai-compatible/chat-wire.ts';
import type { WireError } from '../openai-compatible/explain-error.ts';

/** Our request for Z.ai: the chat format with its own thinking and tool streaming switches. */
export function toWire(request: VendorRequest): OpenAI.Chat.ChatCompletionCreateParamsStreaming {
  // `auto` is the only tool choice the vendor knows; "none" means sending no tools.
  const tools = request.toolChoice === 'none' ? [] : request.tools;
  const hasTools = tools.length > 0;
  const thinks = request.card.capabilities.includes('reasoning');
  return {
    ...toChatWire({ ...request, tools, temperature: clamp(request.temperature) }, replayThinking),
    stream_options: { include_usage: true },
    ...(hasTools && {
      tool_choice: 'auto' as const,
      // Without it arguments arrive as one chunk after minutes of silence.
      tool_stream: true,
      // Keeps the thinking of earlier steps, which the model needs between its tool calls.
      ...(thinks && { thinking: { type: 'enabled', clear_thinking: false } }),
    }),
  };
}

function clamp(temperature: number | undefined): number | undefined {
  return temperature === undefined ? undefined : Math.min(1, temperature);
}

/** Thinking has no seal here: the text itself goes back. */
function replayThinking(turn: Extract<Turn, { role: 'assistant' }>) {
  const text = turn.content.flatMap((part) => (part.type === 'reasoning' ? [part.text] : []));
  return text.length > 0 ? { reasoning_content: text.join('') } : {};
}

const stopReasons = new Map<string, Stop['unified']>([
  ['stop', 'stop'],
  ['tool_calls', 'tool-calls'],
  ['length', 'length'],
  ['sensitive', 'content-filter'],
  ['model_context_window_exceeded', 'context-exceeded'],
]);

/** The finish reason in our words; `network_error` is a failure that the vendor ended politely. */
export function toStopReason(raw: string): Stop | VendorFault {
  if (raw === 'network_error') {
    return makeFault('provider_failed', 'Z.ai broke off with a network error of its own.');
  }
  return { unified: stopReasons.get(raw) ?? 'other', raw };
}

export function startTranslation(): Translation<ChatChunk> {
  return startChatTranslation({ toStop: toStopReason, toCostUsd: () => null });
}

const businessCodes = new Map<string, ErrorCode>([
  ['1110', 'provider_auth'],
  ['1111', 'provider_auth'],
  ['1112', 'provider_auth'],
  // No balance: comes with status 429, but waiting does not help.
  ['1113', 'provider_quota'],
  ['1120', 'provider_auth'],
  ['1121', 'provider_auth'],
  ['1211', 'unknown_model'],
  ['1234', 'provider_failed'],
  ['1261', 'context_too_long'],
  ['1301', 'provider_content_filter'],
  ['1302', 'provider_rate_limited'],
  ['1303', 'provider_rate_limited'],
  ['1304', 'provider_quota'],
  ['1305', 'provider_overloaded'],
  ['1308', 'provider_quota'],
  ['1309', 'provider_quota'],
  ['1310', 'provider_quota'],
  ['1311', 'unknown_model'],
  ['1312', 'provider_overloaded'],
  ['1313', 'provider_rate_limited'],
]);

/** The vendor's business code says more than the status that goes with it. */
export function toFault(error: WireError): VendorFault {
  const retryAfterMs = readRetryAfterMs(error.headers);
  const known =
    businessCodes.get(error.code) ??
    (/^100[0-4]$/.test(error.code) ? 'provider_auth' : undefined) ??
    (/^121\d$/.test(error.code) ? 'provider_refused' : undefined);
  const code = known ?? codeFromStatus(error.status ?? 500, error.message);
  return makeFault(code, error.message, retryAfterMs);
}
