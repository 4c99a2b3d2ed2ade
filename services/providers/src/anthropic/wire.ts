import type Anthropic from '@anthropic-ai/sdk';
import type { Turn, Usage } from '@mosaic/proto';
import { noUsage } from '@mosaic/proto';
import { tokenCount } from '../app/count-usage.ts';
import { parseToolArguments } from '../app/vendor/parse-tool-arguments.ts';
import { cutFault } from '../app/vendor/vendor-fault.ts';
import type { Stop, Translation, VendorPart, VendorRequest } from '../app/vendor/vendor-port.ts';

type Params = Anthropic.MessageCreateParamsStreaming;
type Message = Anthropic.MessageParam;
type Block = Anthropic.ContentBlockParam;

/** Anthropic requires a limit; this one is for models we have no card for. */
const defaultMaxTokens = 8_192;

/** Marks a redacted thinking block, whose text nobody may see, in our signature field. */
const redactedPrefix = 'redacted:';

/** Our request as the Messages API takes it. */
export function toWire(request: VendorRequest): Params {
  const { effort } = request;
  // Thinking allows no forced tool call, so that wins over an effort.
  const thinks = effort !== undefined && request.toolChoice !== 'required';
  return {
    model: request.model,
    max_tokens: request.maxOutputTokens ?? request.card.maxOutputTokens ?? defaultMaxTokens,
    messages: toMessages(request),
    stream: true,
    ...(request.system !== null && {
      system: [{ type: 'text' as const, text: request.system, ...cacheMark(request) }],
    }),
    ...(request.tools.length > 0 && {
      tools: request.tools.map(({ name, description, parameters }) => ({
        name,
        description,
        input_schema: { ...parameters, type: 'object' as const },
      })),
      tool_choice: { type: toolChoices[request.toolChoice] },
    }),
    ...(thinks && { thinking: { type: 'adaptive' as const }, output_config: { effort } }),
  };
}

const toolChoices = { auto: 'auto', none: 'none', required: 'any' } as const;

function cacheMark({ isPrefixReused }: VendorRequest) {
  return isPrefixReused ? { cache_control: { type: 'ephemeral' as const } } : {};
}

/** Tool results travel as user content, so a result and the next words of the user are one message. */
function toMessages(request: VendorRequest): Message[] {
  const messages: { role: 'user' | 'assistant'; content: Block[] }[] = [];
  for (const turn of request.turns) {
    const role = turn.role === 'assistant' ? 'assistant' : 'user';
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...toBlocks(turn));
    else messages.push({ role, content: toBlocks(turn) });
  }
  const end = messages.at(-1)?.content.at(-1);
  if (end && 'type' in end && (end.type === 'text' || end.type === 'tool_result')) {
    Object.assign(end, cacheMark(request));
  }
  return messages;
}

function toBlocks(turn: Turn): Block[] {
  switch (turn.role) {
    case 'user':
      return turn.content.map((part) =>
        part.type === 'text'
          ? { type: 'text', text: part.text }
          : {
              type: 'image',
              source: {
                type: 'base64',
                // The vendor checks the media type itself and names the ones it takes.
                media_type: part.mediaType as Anthropic.Base64ImageSource['media_type'],
                data: part.base64,
              },
            },
      );
    case 'tool':
      return turn.results.map((result) => ({
        type: 'tool_result',
        tool_use_id: result.callId,
        content: result.output,
        is_error: result.isError,
      }));
    case 'assistant':
      return turn.content.flatMap((part): Block[] => {
        if (part.type === 'text') return [{ type: 'text', text: part.text }];
        if (part.type === 'reasoning') return toThinking(part.text, part.signature);
        return [{ type: 'tool_use', id: part.id, name: part.name, input: part.arguments }];
      });
    default:
      return turn satisfies never;
  }
}

/** Thinking without the vendor's seal is refused, so it stays at home. */
function toThinking(thinking: string, signature: string | undefined): Block[] {
  if (!signature) return [];
  if (signature.startsWith(redactedPrefix)) {
    return [{ type: 'redacted_thinking', data: signature.slice(redactedPrefix.length) }];
  }
  return [{ type: 'thinking', thinking, signature }];
}

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
