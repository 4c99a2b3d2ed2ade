import type OpenAI from 'openai';
import { partitionTotals } from '../app/count-usage.ts';
import { parseToolArguments } from '../app/vendor/parse-tool-arguments.ts';
import { codeFromText, cutFault, makeFault } from '../app/vendor/vendor-fault.ts';
import type { Stop, Translation, VendorFault, VendorPart } from '../app/vendor/vendor-port.ts';

type Event = OpenAI.Responses.ResponseStreamEvent;
type OutputItem = OpenAI.Responses.ResponseOutputItem;

/** Why a response is incomplete, in our words. */
export function toStopReason(raw: string): Stop {
  if (raw === 'max_output_tokens') return { unified: 'length', raw };
  if (raw === 'content_filter') return { unified: 'content-filter', raw };
  return { unified: 'other', raw };
}

const codes = new Map<string, VendorFault['code']>([
  ['rate_limit_exceeded', 'provider_rate_limited'],
  ['insufficient_quota', 'provider_quota'],
  ['server_error', 'provider_failed'],
  ['server_overloaded', 'provider_overloaded'],
  ['slow_down', 'provider_overloaded'],
  ['vector_store_timeout', 'provider_timeout'],
  ['context_length_exceeded', 'context_too_long'],
  ['image_content_policy_violation', 'provider_content_filter'],
  ['bio_policy', 'provider_content_filter'],
  ['invalid_api_key', 'provider_auth'],
  ['model_not_found', 'unknown_model'],
]);

/** An error inside the stream; codes we do not know are faults of the request when they sound so. */
export function toStreamFault(code: string | null | undefined, message: string): VendorFault {
  const known = codes.get(code ?? '');
  if (known) return makeFault(known, message);
  const isRequestFault = /^invalid_|_image|^image_|unsupported/.test(code ?? '');
  return makeFault(
    codeFromText(message, isRequestFault ? 'provider_refused' : 'provider_failed'),
    message,
  );
}

interface OpenCall {
  readonly id: string;
  readonly name: string;
  isDone: boolean;
}

/** Translates one Responses stream. Its item ids name the pieces, its call ids the tool calls. */
export function startTranslation(): Translation<Event> {
  const calls = new Map<string, OpenCall>();
  let stop: Stop | undefined;
  let hasRefused = false;

  const complete = (itemId: string, written: string): VendorPart[] => {
    const call = calls.get(itemId);
    if (!call || call.isDone) return [];
    call.isDone = true;
    return [parseToolArguments(call, written)];
  };
  const finish = (response: OpenAI.Responses.Response): VendorPart[] => {
    const called = [...calls.values()].some((call) => call.isDone);
    const incomplete = response.incomplete_details?.reason;
    if (incomplete) stop = toStopReason(incomplete);
    else if (hasRefused) stop = { unified: 'refusal', raw: response.status ?? null };
    else stop = { unified: called ? 'tool-calls' : 'stop', raw: response.status ?? null };
    return toUsageParts(response);
  };

  return {
    next(event) {
      switch (event.type) {
        case 'response.created':
          return [{ type: 'answering', model: event.response.model }];
        case 'response.output_text.delta':
          return [{ type: 'text', text: event.delta }];
        case 'response.refusal.delta':
          hasRefused = true;
          return [{ type: 'text', text: event.delta }];
        case 'response.reasoning_summary_text.delta':
        case 'response.reasoning_text.delta':
          return [{ type: 'reasoning', text: event.delta }];
        case 'response.output_item.added':
          return openItem(event.item, calls);
        case 'response.function_call_arguments.delta': {
          const call = calls.get(event.item_id);
          return call ? [{ type: 'tool-call-delta', id: call.id, json: event.delta }] : [];
        }
        case 'response.function_call_arguments.done':
          return complete(event.item_id, event.arguments);
        case 'response.output_item.done':
          return closeItem(event.item, { calls, complete });
        case 'response.completed':
        case 'response.incomplete':
          return finish(event.response);
        case 'response.failed':
          return [...toUsageParts(event.response), { type: 'failed', fault: failure(event) }];
        case 'error':
          return [{ type: 'failed', fault: toStreamFault(event.code, event.message) }];
        default:
          return [];
      }
    },
    get hasFinish() {
      return stop !== undefined;
    },
    end: () => [stop ? { type: 'finished', stop } : { type: 'failed', fault: cutFault }],
  };
}

function failure({ response }: OpenAI.Responses.ResponseFailedEvent): VendorFault {
  return toStreamFault(response.error?.code, response.error?.message ?? 'The response failed.');
}

function toUsageParts({ usage }: OpenAI.Responses.Response): VendorPart[] {
  if (!usage) return [];
  const totals = partitionTotals({
    input: usage.input_tokens,
    cacheRead: usage.input_tokens_details?.cached_tokens,
    cacheWrite: usage.input_tokens_details?.cache_write_tokens,
    output: usage.output_tokens,
    reasoning: usage.output_tokens_details?.reasoning_tokens,
  });
  return [{ type: 'usage', usage: totals, costUsd: null }];
}

function openItem(item: OutputItem, calls: Map<string, OpenCall>): VendorPart[] {
  if (item.type !== 'function_call') return [];
  calls.set(item.id ?? item.call_id, { id: item.call_id, name: item.name, isDone: false });
  return [{ type: 'tool-call-start', id: item.call_id, name: item.name }];
}

interface Closing {
  readonly calls: Map<string, OpenCall>;
  readonly complete: (itemId: string, written: string) => VendorPart[];
}

/** A call may appear only here, without any event before; a reasoning item brings its seal. */
function closeItem(item: OutputItem, { calls, complete }: Closing): VendorPart[] {
  if (item.type === 'reasoning' && item.encrypted_content) {
    const signature = JSON.stringify({ id: item.id, sealed: item.encrypted_content });
    return [{ type: 'reasoning', text: '', signature }];
  }
  if (item.type !== 'function_call') return [];
  const itemId = item.id ?? item.call_id;
  const opened = calls.has(itemId) ? [] : openItem(item, calls);
  return [...opened, ...complete(itemId, item.arguments)];
}
