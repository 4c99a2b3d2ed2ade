import { totalInputTokens } from '@mosaic/proto';
import { makeFault } from '../app/vendor/vendor-fault.ts';
import type { Stop, Translation, VendorFault, VendorRequest } from '../app/vendor/vendor-port.ts';
import type { ChatChunk } from '../openai-compatible/chat-translation.ts';
import { startChatTranslation } from '../openai-compatible/chat-translation.ts';
import { toEnvelopeFault } from './faults.ts';

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

/** Translates one chat stream; the card says how much the model can read. */
export function startTranslation({ card }: Pick<VendorRequest, 'card'>): Translation<ChatChunk> {
  let hasWarned = false;
  return startChatTranslation({
    toStop: toStopReason,
    toCostUsd: () => null,
    toFault: toEnvelopeFault,
    noteUsage({ usage }) {
      const read = totalInputTokens(usage);
      if (hasWarned || card.contextTokens === null || read <= card.contextTokens) return [];
      hasWarned = true;
      const message = `The conversation has ${read} tokens, more than the ${card.contextTokens} that ${card.name} can read: Z.ai took it without a word, and the answer may lack what did not fit.`;
      return [{ type: 'warning', message }];
    },
  });
}
