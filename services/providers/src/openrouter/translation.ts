import { makeFault } from '../app/vendor/vendor-fault.ts';
import type { Stop, Translation, VendorFault } from '../app/vendor/vendor-port.ts';
import type { ChatChunk, ChatUsage } from '../openai-compatible/chat-translation.ts';
import { startChatTranslation } from '../openai-compatible/chat-translation.ts';

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

/**
 * Credits are US dollars. With a key of one's own they are the fee alone and the upstream's bill comes
 * on top: a fee without that bill is no cost.
 */
export function toCostUsd(usage: ChatUsage): number | null {
  if (typeof usage.cost !== 'number') return null;
  if (!usage.is_byok) return usage.cost;
  const upstream = usage.cost_details?.upstream_inference_cost;
  return typeof upstream === 'number' ? usage.cost + upstream : null;
}

export function startTranslation(): Translation<ChatChunk> {
  return startChatTranslation({
    toStop: toStopReason,
    toCostUsd,
    sealReasoning: (details) => JSON.stringify(details),
  });
}
