import { makeFault } from '../app/vendor/vendor-fault.ts';
import type { Stop, Translation, VendorFault } from '../app/vendor/vendor-port.ts';
import type { ChatChunk } from '../openai-compatible/chat-translation.ts';
import { startChatTranslation } from '../openai-compatible/chat-translation.ts';

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
