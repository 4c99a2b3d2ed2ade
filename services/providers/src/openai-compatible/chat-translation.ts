import { partitionTotals } from '../app/count-usage.ts';
import { mintCallId } from '../app/vendor/mint-call-id.ts';
import { parseToolArguments } from '../app/vendor/parse-tool-arguments.ts';
import { cutFault } from '../app/vendor/vendor-fault.ts';
import type { Stop, Translation, VendorFault, VendorPart } from '../app/vendor/vendor-port.ts';

/** A chat chunk as hosts really send it: everything may be missing or null, more may be there. */
export interface ChatChunk {
  readonly model?: string | null;
  readonly choices?: readonly ChatChoice[] | null;
  readonly usage?: ChatUsage | null;
}

interface ChatChoice {
  readonly delta?: ChatDelta | null;
  readonly finish_reason?: string | null;
  readonly usage?: ChatUsage | null;
}

export interface ChatDelta {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly reasoning?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning_details?: readonly unknown[] | null;
  readonly tool_calls?: readonly ChatToolDelta[] | null;
}

interface ChatToolDelta {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

export interface ChatUsage {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly prompt_tokens_details?: {
    readonly cached_tokens?: number | null;
    readonly cache_write_tokens?: number | null;
  } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
  readonly cost?: number | null;
  readonly is_byok?: boolean | null;
  readonly cost_details?: { readonly upstream_inference_cost?: number | null } | null;
}

/** What differs between hosts of the chat format. */
export interface ChatDialect {
  /** The finish reason in our words, or the fault that it stands for. */
  readonly toStop: (raw: string) => Stop | VendorFault;
  readonly toCostUsd: (usage: ChatUsage) => number | null;
  /** What must go back with the next turn, sealed into one signature when the answer ends. */
  readonly sealReasoning?: (details: readonly unknown[]) => string | undefined;
}

interface OpenCall {
  id: string;
  name: string;
  json: string;
  isShown: boolean;
}

/**
 * Translates one chat stream. Usage may come with the finish, after it, or in a chunk without
 * choices, so the end of the stream decides, not the finish reason.
 */
export function startChatTranslation(dialect: ChatDialect): Translation<ChatChunk> {
  const calls = new Map<string, OpenCall>();
  const details: unknown[] = [];
  let stop: Stop | undefined;
  let fault: VendorFault | undefined;
  let hasModel = false;
  let hasRefused = false;

  const readChoice = (choice: ChatChoice): VendorPart[] => {
    const { delta } = choice;
    if (delta?.reasoning_details) details.push(...delta.reasoning_details);
    if (delta?.refusal) hasRefused = true;
    if (choice.finish_reason) {
      const meaning = dialect.toStop(choice.finish_reason);
      if ('code' in meaning) fault = meaning;
      else stop = meaning;
    }
    return delta ? [...readText(delta), ...readCalls(delta, calls)] : [];
  };

  return {
    next(chunk) {
      const parts: VendorPart[] = [];
      if (!hasModel && chunk.model) {
        hasModel = true;
        parts.push({ type: 'answering', model: chunk.model });
      }
      const choice = chunk.choices?.[0];
      if (choice) parts.push(...readChoice(choice));
      const usage = chunk.usage ?? choice?.usage;
      if (usage) parts.push(toUsagePart(usage, dialect));
      if (fault) parts.push({ type: 'failed', fault });
      return parts;
    },
    get hasFinish() {
      return stop !== undefined;
    },
    end() {
      if (!stop) return [{ type: 'failed', fault: cutFault }];
      const signature = details.length > 0 ? dialect.sealReasoning?.(details) : undefined;
      const seal: VendorPart[] = signature ? [{ type: 'reasoning', text: '', signature }] : [];
      const complete = [...calls.values()].map((call) => parseToolArguments(call, call.json));
      const broken = complete.find((part) => part.type === 'failed');
      if (broken) return [broken];
      if (hasRefused && stop.unified === 'stop') stop = { ...stop, unified: 'refusal' };
      // Some hosts say "stop" although they asked for tools.
      if (complete.length > 0 && stop.unified === 'stop') stop = { ...stop, unified: 'tool-calls' };
      return [...seal, ...complete, { type: 'finished', stop }];
    },
  };
}

function readText(delta: ChatDelta): VendorPart[] {
  const parts: VendorPart[] = [];
  const thought = delta.reasoning_content ?? delta.reasoning;
  if (thought) parts.push({ type: 'reasoning', text: thought });
  const text = delta.content || delta.refusal;
  if (text) parts.push({ type: 'text', text });
  return parts;
}

/** Pieces of a call belong together by index, else by id; name and id may come late or again. */
function readCalls(delta: ChatDelta, calls: Map<string, OpenCall>): VendorPart[] {
  return (delta.tool_calls ?? []).flatMap((piece, position): VendorPart[] => {
    const key = String(piece.index ?? piece.id ?? position);
    const call = calls.get(key) ?? { id: '', name: '', json: '', isShown: false };
    calls.set(key, call);
    if (!call.isShown) {
      call.id ||= piece.id ?? '';
      call.name ||= piece.function?.name ?? '';
    }
    const written = toJsonText(piece.function?.arguments);
    call.json += written;
    if (call.isShown)
      return written ? [{ type: 'tool-call-delta', id: call.id, json: written }] : [];
    if (!call.name) return [];
    call.isShown = true;
    call.id ||= mintCallId();
    const start: VendorPart = { type: 'tool-call-start', id: call.id, name: call.name };
    return call.json ? [start, { type: 'tool-call-delta', id: call.id, json: call.json }] : [start];
  });
}

/** Arguments come as pieces of text, or whole as an object. */
function toJsonText(written: unknown): string {
  if (typeof written === 'string') return written;
  return written === null || written === undefined ? '' : JSON.stringify(written);
}

function toUsagePart(usage: ChatUsage, dialect: ChatDialect): VendorPart {
  return {
    type: 'usage',
    usage: partitionTotals({
      input: usage.prompt_tokens,
      cacheRead: usage.prompt_tokens_details?.cached_tokens,
      cacheWrite: usage.prompt_tokens_details?.cache_write_tokens,
      output: usage.completion_tokens,
      reasoning: usage.completion_tokens_details?.reasoning_tokens,
    }),
    costUsd: dialect.toCostUsd(usage),
  };
}
