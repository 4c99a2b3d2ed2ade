import { partitionTotals } from '../app/count-usage.ts';
import { closeAnswer, laterStop } from '../app/vendor/close-answer.ts';
import { wireList, wireName, wireText } from '../app/vendor/read-wire.ts';
import type { Stop, Translation, VendorFault, VendorPart } from '../app/vendor/vendor-port.ts';
import { CallCollector, type ChatToolDelta } from './collect-calls.ts';

/** A chat chunk as hosts really send it: everything may be missing or null, more may be there. */
export interface ChatChunk {
  readonly id?: string | null;
  readonly model?: string | null;
  /** Who runs the model, at a router. */
  readonly provider?: string | null;
  readonly choices?: readonly ChatChoice[] | null;
  readonly usage?: ChatUsage | null;
  /** Some hosts answer in an envelope of their own, also with HTTP 200. */
  readonly code?: unknown;
  readonly msg?: unknown;
  readonly message?: unknown;
}

export interface ChatChoice {
  readonly delta?: ChatDelta | null;
  /** In the place of `delta` when a host does not stream. */
  readonly message?: ChatDelta | null;
  readonly finish_reason?: string | null;
  /** What the upstream of a router said, in its own word. */
  readonly native_finish_reason?: string | null;
  readonly error?: unknown;
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
  readonly toStop: (raw: string, choice: ChatChoice) => Stop | VendorFault;
  readonly toCostUsd: (usage: ChatUsage) => number | null;
  /** The fault that a chunk brings in a form that is not the SDK's. */
  readonly toFault?: (chunk: ChatChunk) => VendorFault | undefined;
  /** What must go back with the next turn, sealed into one signature when the answer ends. */
  readonly sealReasoning?: (details: readonly unknown[]) => string | undefined;
  /** What to tell about an answer when its usage is known. */
  readonly noteUsage?: (usage: Extract<VendorPart, { type: 'usage' }>) => readonly VendorPart[];
}

/**
 * Translates one chat stream. Usage may come with the finish, after it, or in a chunk without
 * choices, so the end of the stream decides, not the finish reason.
 */
export function startChatTranslation(dialect: ChatDialect): Translation<ChatChunk> {
  const calls = new CallCollector();
  const details: unknown[] = [];
  const readUsage = startUsage(dialect);
  let stop: Stop | undefined;
  let fault: VendorFault | undefined;
  let hasModel = false;
  let hasRefused = false;

  const readChoice = (choice: ChatChoice): VendorPart[] => {
    const delta = choice.delta ?? choice.message;
    details.push(...wireList(delta?.reasoning_details));
    hasRefused ||= wireText(delta?.refusal) !== '';
    if (choice.finish_reason) {
      const meaning = dialect.toStop(String(choice.finish_reason), choice);
      if ('code' in meaning) fault = meaning;
      else stop = laterStop(stop, meaning);
    }
    if (!delta) return [];
    const pieces = wireList(delta.tool_calls);
    return [...readText(delta), ...pieces.flatMap((piece, place) => calls.add(piece, place))];
  };

  return {
    next(chunk) {
      const parts: VendorPart[] = [];
      if (!hasModel) parts.push(...toAnswering(chunk));
      hasModel ||= parts.length > 0;
      const [choice] = wireList(chunk.choices);
      if (choice) parts.push(...readChoice(choice));
      parts.push(...readUsage(chunk.usage ?? choice?.usage));
      fault = dialect.toFault?.(chunk) ?? fault;
      return fault ? [...parts, { type: 'failed', fault }] : parts;
    },
    get hasFinish() {
      return stop !== undefined;
    },
    end() {
      const signature = details.length > 0 ? dialect.sealReasoning?.(details) : undefined;
      const seal: VendorPart[] = signature ? [{ type: 'reasoning', text: '', signature }] : [];
      const closed = calls.close();
      if (hasRefused && stop?.unified === 'stop') stop = { ...stop, unified: 'refusal' };
      const last = closeAnswer(stop, closed.calls);
      return last[0]?.type === 'failed' ? last : [...seal, ...closed.parts, ...last];
    },
  };
}

function toAnswering(chunk: ChatChunk): VendorPart[] {
  const model = wireName(chunk.model);
  const upstream = wireName(chunk.provider);
  const answerId = wireName(chunk.id);
  if (!model) return [];
  return [
    { type: 'answering', model, ...(upstream && { upstream }), ...(answerId && { answerId }) },
  ];
}

function readText(delta: ChatDelta): VendorPart[] {
  const parts: VendorPart[] = [];
  const thought = wireText(delta.reasoning_content) || wireText(delta.reasoning);
  if (thought) parts.push({ type: 'reasoning', text: thought });
  const text = wireText(delta.content) || wireText(delta.refusal);
  if (text) parts.push({ type: 'text', text });
  return parts;
}

/** Reports are cumulative, but the cost may be in one of them only. */
function startUsage(dialect: ChatDialect) {
  let costUsd: number | null = null;
  return (usage: ChatUsage | null | undefined): readonly VendorPart[] => {
    // A report of nothing at all is how some hosts say that they do not know.
    if (!usage?.prompt_tokens && !usage?.completion_tokens) return [];
    costUsd = dialect.toCostUsd(usage) ?? costUsd;
    const part = { type: 'usage' as const, usage: partition(usage), costUsd };
    return [part, ...(dialect.noteUsage?.(part) ?? [])];
  };
}

function partition(usage: ChatUsage) {
  return partitionTotals({
    input: usage.prompt_tokens,
    cacheRead: usage.prompt_tokens_details?.cached_tokens,
    cacheWrite: usage.prompt_tokens_details?.cache_write_tokens,
    output: usage.completion_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens,
  });
}
