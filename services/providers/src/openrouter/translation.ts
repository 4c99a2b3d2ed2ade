import { makeFault } from '../app/vendor/vendor-fault.ts';
import type { Stop, Translation, VendorFault } from '../app/vendor/vendor-port.ts';
import type { ChatChoice, ChatChunk, ChatUsage } from '../openai-compatible/chat-translation.ts';
import { startChatTranslation } from '../openai-compatible/chat-translation.ts';
import { readWireError } from '../openai-compatible/explain-error.ts';
import { toFault } from './faults.ts';
import { joinDetails } from './join-details.ts';

const stopReasons = new Map<string, Stop['unified']>([
  ['stop', 'stop'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['length', 'length'],
  ['content_filter', 'content-filter'],
]);

/** Words of upstreams for a failure that OpenRouter passes on as a polite "stop". */
const failedUpstream = /^(?:network_|internal_|server_)?error$|^failed$/i;

/** The finish reason in our words; `error` is a failure that the vendor ended politely. */
export function toStopReason(raw: string, choice: ChatChoice = {}): Stop | VendorFault {
  const native = choice.native_finish_reason ?? '';
  if (raw !== 'error' && !failedUpstream.test(native)) {
    return { unified: stopReasons.get(raw) ?? 'other', raw };
  }
  if (choice.error) return toFault(readWireError(choice.error));
  const words = native && native !== 'error' ? ` (${native})` : '';
  return makeFault('provider_failed', `The upstream of OpenRouter failed${words}.`);
}

/**
 * Credits are US dollars. With a key of one's own they are the fee alone and the upstream's bill comes
 * on top: a fee without that bill is no cost.
 */
export function toCostUsd(usage: ChatUsage): number | null {
  const cost = amountOf(usage.cost);
  if (cost === null || !usage.is_byok) return cost;
  const upstream = amountOf(usage.cost_details?.upstream_inference_cost);
  return upstream === null ? null : cost + upstream;
}

function amountOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

export function startTranslation(): Translation<ChatChunk> {
  return startChatTranslation({
    toStop: toStopReason,
    toCostUsd,
    toFault({ choices }) {
      const error = choices?.[0]?.error;
      return error ? toFault(readWireError(error)) : undefined;
    },
    sealReasoning: (details) => JSON.stringify(joinDetails(details)),
  });
}
