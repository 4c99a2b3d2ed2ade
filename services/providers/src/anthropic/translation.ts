import type Anthropic from '@anthropic-ai/sdk';
import { noUsage, type Usage } from '@mosaic/proto';
import { tokenCount } from '../app/count-usage.ts';
import { parseToolArguments } from '../app/vendor/parse-tool-arguments.ts';
import { cutFault } from '../app/vendor/vendor-fault.ts';
import type { Stop, Translation, VendorPart } from '../app/vendor/vendor-port.ts';
import { redactedPrefix } from './wire.ts';

const stopReasons = new Map<string, Stop['unified']>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['tool_use', 'tool-calls'],
  ['max_tokens', 'length'],
  ['refusal', 'refusal'],
  ['model_context_window_exceeded', 'context-exceeded'],
]);

/** The vendor's stop reason in our words; unknown ones are `other`, never success. */
export function toStopReason(raw: string): Stop {
  return { unified: stopReasons.get(raw) ?? 'other', raw };
}

interface WireUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_creation?: {
    readonly ephemeral_5m_input_tokens?: number;
    readonly ephemeral_1h_input_tokens?: number;
  } | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number } | null;
}

/** Adds a report to the newest known one: later ones are cumulative and leave fields out. */
export function toUsage(before: Usage, report: WireUsage): Usage {
  const keep = (value: number | null | undefined, known: number) =>
    value === null || value === undefined ? known : tokenCount(value);
  const written1h = keep(
    report.cache_creation?.ephemeral_1h_input_tokens,
    before.cacheWrite1hTokens,
  );
  const written = keep(
    report.cache_creation_input_tokens,
    before.cacheWrite5mTokens + before.cacheWrite1hTokens,
  );
  const output = keep(report.output_tokens, before.outputTokens + before.reasoningTokens);
  const reasoning = keep(report.output_tokens_details?.thinking_tokens, before.reasoningTokens);
  return {
    inputTokens: keep(report.input_tokens, before.inputTokens),
    cacheReadTokens: keep(report.cache_read_input_tokens, before.cacheReadTokens),
    cacheWrite5mTokens: Math.max(0, written - written1h),
    cacheWrite1hTokens: written1h,
    outputTokens: Math.max(0, output - reasoning),
    reasoningTokens: reasoning,
    isEstimated: false,
  };
}

type Event = Anthropic.RawMessageStreamEvent;

interface OpenCall {
  readonly id: string;
  readonly name: string;
  json: string;
  /** Input that came whole in the start event; used when no delta follows. */
  readonly whole: unknown;
}

/** Translates one Messages stream. */
export function startTranslation(): Translation<Event> {
  const calls = new Map<number, OpenCall>();
  let usage = noUsage;
  let stop: Stop | undefined;

  const report = (wire: WireUsage): VendorPart => {
    usage = toUsage(usage, wire);
    return { type: 'usage', usage, costUsd: null };
  };

  return {
    next(event) {
      switch (event.type) {
        case 'message_start':
          return [{ type: 'answering', model: event.message.model }, report(event.message.usage)];
        case 'content_block_start':
          return openBlock(event, calls);
        case 'content_block_delta':
          return readDelta(event, calls);
        case 'content_block_stop':
          return closeBlock(event.index, calls);
        case 'message_delta':
          if (event.delta.stop_reason) stop = toStopReason(event.delta.stop_reason);
          return event.usage ? [report(event.usage)] : [];
        default:
          // `message_stop` says nothing new; the vendor asks to skip types it may add.
          return [];
      }
    },
    get hasFinish() {
      return stop !== undefined;
    },
    end: () => [stop ? { type: 'finished', stop } : { type: 'failed', fault: cutFault }],
  };
}

function openBlock(
  { index, content_block: block }: Anthropic.RawContentBlockStartEvent,
  calls: Map<number, OpenCall>,
): VendorPart[] {
  if (block.type === 'redacted_thinking') {
    return [{ type: 'reasoning', text: '', signature: `${redactedPrefix}${block.data}` }];
  }
  if (block.type === 'text') return block.text ? [{ type: 'text', text: block.text }] : [];
  if (block.type !== 'tool_use') return [];
  calls.set(index, { id: block.id, name: block.name, json: '', whole: block.input });
  return [{ type: 'tool-call-start', id: block.id, name: block.name }];
}

function readDelta(
  { index, delta }: Anthropic.RawContentBlockDeltaEvent,
  calls: Map<number, OpenCall>,
): VendorPart[] {
  if (delta.type === 'text_delta') return [{ type: 'text', text: delta.text }];
  if (delta.type === 'thinking_delta') return [{ type: 'reasoning', text: delta.thinking }];
  if (delta.type === 'signature_delta') {
    return [{ type: 'reasoning', text: '', signature: delta.signature }];
  }
  const call = calls.get(index);
  if (delta.type !== 'input_json_delta' || !call || delta.partial_json === '') return [];
  call.json += delta.partial_json;
  return [{ type: 'tool-call-delta', id: call.id, json: delta.partial_json }];
}

function closeBlock(index: number, calls: Map<number, OpenCall>): VendorPart[] {
  const call = calls.get(index);
  if (!call) return [];
  calls.delete(index);
  return [parseToolArguments(call, call.json === '' ? call.whole : call.json)];
}
