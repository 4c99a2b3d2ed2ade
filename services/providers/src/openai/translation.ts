import type OpenAI from 'openai';
import { partitionTotals } from '../app/count-usage.ts';
import { closeAnswer, laterStop } from '../app/vendor/close-answer.ts';
import { wireList, wireName } from '../app/vendor/read-wire.ts';
import type { Stop, Translation, VendorFault, VendorPart } from '../app/vendor/vendor-port.ts';
import { toStreamFault } from './faults.ts';
import { OutputReader } from './read-output.ts';

type Event = OpenAI.Responses.ResponseStreamEvent;
type Response = OpenAI.Responses.Response;

/** Why a response is incomplete, in our words. */
export function toStopReason(raw: string): Stop {
  if (raw === 'max_output_tokens') return { unified: 'length', raw };
  if (raw === 'content_filter') return { unified: 'content-filter', raw };
  return { unified: 'other', raw };
}

/** Translates one Responses stream. */
export function startTranslation(): Translation<Event> {
  const output = new OutputReader();
  let stop: Stop | undefined;

  const finish = (response: Response, expected: 'completed' | 'incomplete'): VendorPart[] => {
    // What a host left out of its events may still stand in the whole response.
    const missed = wireList(response.output).flatMap((item, index) =>
      output.closeItem(item, index),
    );
    stop = laterStop(stop, readStop(response, { expected, output }));
    return [...missed, ...toUsageParts(response)];
  };

  return {
    next(event) {
      switch (event.type) {
        case 'response.created': {
          const model = wireName(event.response.model);
          const answerId = wireName(event.response.id);
          return model ? [{ type: 'answering', model, ...(answerId && { answerId }) }] : [];
        }
        case 'response.completed':
          return finish(event.response, 'completed');
        case 'response.incomplete':
          return finish(event.response, 'incomplete');
        case 'response.failed':
          return [...toUsageParts(event.response), { type: 'failed', fault: failure(event) }];
        case 'error':
          return [{ type: 'failed', fault: toStreamFault(event.code, event.message) }];
        default:
          return isKeepAlive(event) ? undefined : output.next(event);
      }
    },
    get hasFinish() {
      return stop !== undefined;
    },
    end: () => closeAnswer(stop, output.calls()),
  };
}

/** Sent during long silences, and in none of the SDK's types. */
function isKeepAlive({ type }: { readonly type: string }): boolean {
  return type === 'keepalive';
}

interface Ending {
  readonly expected: 'completed' | 'incomplete';
  readonly output: OutputReader;
}

/** Only a response that calls itself completed, in both places, is a success. */
function readStop(response: Response, { expected, output }: Ending): Stop {
  const status = wireName(response.status) ?? expected;
  const reason = wireName(response.incomplete_details?.reason);
  if (reason) return toStopReason(reason);
  if (status !== 'completed' || expected !== 'completed') {
    return { unified: 'other', raw: status === 'completed' ? expected : status };
  }
  if (output.hasRefused) return { unified: 'refusal', raw: status };
  return { unified: 'stop', raw: status };
}

function failure({ response }: OpenAI.Responses.ResponseFailedEvent): VendorFault {
  return toStreamFault(response.error?.code, response.error?.message ?? 'The response failed.');
}

function toUsageParts({ usage }: Response): VendorPart[] {
  if (typeof usage?.input_tokens !== 'number' && typeof usage?.output_tokens !== 'number') {
    return [];
  }
  const totals = partitionTotals({
    input: usage.input_tokens,
    cacheRead: usage.input_tokens_details?.cached_tokens,
    cacheWrite: usage.input_tokens_details?.cache_write_tokens,
    output: usage.output_tokens,
    reasoning: usage.output_tokens_details?.reasoning_tokens,
  });
  return [{ type: 'usage', usage: totals, costUsd: null }];
}
