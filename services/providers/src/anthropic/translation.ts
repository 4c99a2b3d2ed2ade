import type Anthropic from '@anthropic-ai/sdk';
import { noUsage } from '@mosaic/proto';
import { closeAnswer, laterStop } from '../app/vendor/close-answer.ts';
import { mintCallId } from '../app/vendor/mint-call-id.ts';
import { parseToolArguments } from '../app/vendor/parse-tool-arguments.ts';
import { wireName, wireText } from '../app/vendor/read-wire.ts';
import type { Stop, Translation, VendorPart } from '../app/vendor/vendor-port.ts';
import { toUsage, type WireUsage } from './usage.ts';
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

type Event = Anthropic.RawMessageStreamEvent;
type Block = Anthropic.RawContentBlockStartEvent['content_block'];

interface OpenCall {
  readonly id: string;
  readonly name: string;
  json: string;
  /** Input that came whole in the start event; used when no delta follows. */
  readonly whole: unknown;
}

/** The calls of one answer: those that are being written, by block, and what became of the rest. */
interface Calls {
  readonly open: Map<number, OpenCall>;
  readonly broken: string[];
  complete: number;
}

/** Translates one Messages stream. */
export function startTranslation(): Translation<Event> {
  const calls: Calls = { open: new Map(), broken: [], complete: 0 };
  let usage = noUsage;
  let stop: Stop | undefined;

  const report = (wire: WireUsage | null | undefined): VendorPart[] => {
    if (!wire) return [];
    usage = toUsage(usage, wire);
    return [{ type: 'usage', usage, costUsd: null }];
  };

  return {
    next(event) {
      switch (event.type) {
        case 'message_start':
          return [
            ...toAnswering(event.message.model, event.message.id),
            ...report(event.message.usage),
          ];
        case 'content_block_start':
          return openBlock(event, calls);
        case 'content_block_delta':
          return readDelta(event, calls);
        case 'content_block_stop':
          return closeBlock(event.index, calls);
        case 'message_delta': {
          const { stop_reason: reason, stop_details: details } = event.delta;
          if (reason) stop = laterStop(stop, toStopReason(String(reason)));
          const why = wireName(details?.explanation);
          return [...report(event.usage), ...(why ? [warn(why)] : [])];
        }
        default:
          // `message_stop` says nothing new; the vendor asks to skip types it may add.
          return [];
      }
    },
    get hasFinish() {
      return stop !== undefined;
    },
    end() {
      const unclosed = [...calls.open.values()].map(({ name }) => name);
      return closeAnswer(stop, { ...calls, broken: [...calls.broken, ...unclosed] });
    },
  };
}

function warn(message: string): VendorPart {
  return { type: 'warning', message };
}

function toAnswering(model: unknown, id?: unknown): VendorPart[] {
  const name = wireName(model);
  const answerId = wireName(id);
  return name ? [{ type: 'answering', model: name, ...(answerId && { answerId }) }] : [];
}

/** Blocks of the vendor's own tools, and what they found, are its own affair: nothing to show. */
function openBlock(event: Anthropic.RawContentBlockStartEvent, calls: Calls): VendorPart[] {
  // The SDK's type lacks the beta block, so the union has to be told.
  const block = event.content_block as Block | FallbackBlock;
  switch (block.type) {
    case 'redacted_thinking':
      return [{ type: 'reasoning', text: '', signature: `${redactedPrefix}${block.data}` }];
    case 'thinking':
      return thinkingPart(wireText(block.thinking), wireText(block.signature));
    case 'text':
      return block.text ? [{ type: 'text', text: wireText(block.text) }] : [];
    case 'tool_use':
      return openCall(event.index, block, calls);
    case 'fallback':
      return toFallback(block);
    default:
      return [];
  }
}

/** Thinking that nobody may read still has its seal, which goes back with the next turn. */
function thinkingPart(text: string, signature: string): VendorPart[] {
  if (text === '' && signature === '') return [];
  return [{ type: 'reasoning', text, ...(signature !== '' && { signature }) }];
}

/** Known to the beta types of the SDK only: one model declined, and another one goes on from here. */
interface FallbackBlock {
  readonly type: 'fallback';
  readonly from?: { readonly model?: string };
  readonly to?: { readonly model?: string };
}

function toFallback({ from, to }: FallbackBlock): VendorPart[] {
  const before = wireName(from?.model) ?? 'The model';
  const after = wireName(to?.model) ?? 'another model';
  return [...toAnswering(to?.model), warn(`${before} declined; ${after} went on.`)];
}

function openCall(index: number, block: Anthropic.ToolUseBlock, calls: Calls): VendorPart[] {
  const overwritten = calls.open.get(index);
  if (overwritten) calls.broken.push(overwritten.name);
  const id = wireName(block.id) ?? mintCallId();
  const name = wireName(block.name);
  if (!name) {
    calls.broken.push('a tool without a name');
    return [];
  }
  calls.open.set(index, { id, name, json: '', whole: block.input });
  return [{ type: 'tool-call-start', id, name }];
}

function readDelta(
  { index, delta }: Anthropic.RawContentBlockDeltaEvent,
  calls: Calls,
): VendorPart[] {
  switch (delta.type) {
    case 'text_delta':
      return [{ type: 'text', text: wireText(delta.text) }];
    case 'thinking_delta':
      return thinkingPart(wireText(delta.thinking), '');
    case 'signature_delta':
      return thinkingPart('', wireText(delta.signature));
    case 'input_json_delta':
      return addJson(calls.open.get(index), wireText(delta.partial_json));
    default:
      return [];
  }
}

/** The vendor's own tools write their input too: no call of ours is open at their index. */
function addJson(call: OpenCall | undefined, json: string): VendorPart[] {
  // Some hosts write the empty input of the start event once more before the real one.
  const isPlaceholder = call?.json === '' && json.trim() === '{}';
  if (!call || json === '' || isPlaceholder) return [];
  call.json += json;
  return [{ type: 'tool-call-delta', id: call.id, json }];
}

function closeBlock(index: number, calls: Calls): VendorPart[] {
  const call = calls.open.get(index);
  if (!call) return [];
  calls.open.delete(index);
  const { id, name } = call;
  const parsed = parseToolArguments(call.json === '' ? call.whole : call.json);
  if (!parsed) {
    calls.broken.push(name);
    return [];
  }
  calls.complete += 1;
  return [{ type: 'tool-call', call: { id, name, arguments: parsed } }];
}
