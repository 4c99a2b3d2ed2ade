import { estimateUsage, partitionTotals } from '../app/count-usage.ts';
import { closeAnswer } from '../app/vendor/close-answer.ts';
import { mintCallId } from '../app/vendor/mint-call-id.ts';
import { parseToolArguments } from '../app/vendor/parse-tool-arguments.ts';
import { wireList, wireName, wireText } from '../app/vendor/read-wire.ts';
import type { Stop, Translation, VendorPart, VendorRequest } from '../app/vendor/vendor-port.ts';
import { noticeTruncation } from './notice-truncation.ts';

/**
 * The vendor's reason to stop, in our words. The server leaves it out when its connection to the
 * model was closed, so no reason is no success.
 */
export function toStopReason(raw: string | undefined): Stop {
  if (raw === 'stop' || raw === 'length') return { unified: raw, raw };
  return { unified: 'other', raw: raw ?? null };
}

/** One line of the stream; builds differ in what they leave out. */
export interface ChatLine {
  readonly model?: string;
  readonly message?: {
    readonly content?: string;
    readonly thinking?: string;
    readonly tool_calls?: readonly ToolCallLine[];
  };
  readonly done?: boolean;
  readonly done_reason?: string;
  readonly prompt_eval_count?: number;
  readonly eval_count?: number;
}

interface ToolCallLine {
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: unknown };
}

/** Translates one /api/chat stream. */
export function startTranslation(
  request: VendorRequest,
  contextTokens: number,
): Translation<ChatLine> {
  const calls = { complete: 0, broken: [] as string[] };
  let hasModel = false;
  let stop: Stop | undefined;

  /** Calls come whole, in many builds without an id. */
  const readCall = ({ id, function: called }: ToolCallLine): VendorPart[] => {
    const name = wireName(called?.name);
    const parsed = parseToolArguments(called?.arguments);
    if (!name || !parsed) {
      calls.broken.push(name ?? 'a tool without a name');
      return [];
    }
    calls.complete += 1;
    const call = { id: wireName(id) ?? mintCallId(), name, arguments: parsed };
    return [
      { type: 'tool-call-start', id: call.id, name },
      { type: 'tool-call', call },
    ];
  };

  return {
    next(line) {
      const parts: VendorPart[] = [];
      const model = wireName(line.model);
      if (!hasModel && model) {
        hasModel = true;
        parts.push({ type: 'answering', model });
      }
      const thinking = wireText(line.message?.thinking);
      const content = wireText(line.message?.content);
      if (thinking) parts.push({ type: 'reasoning', text: thinking });
      if (content) parts.push({ type: 'text', text: content });
      parts.push(...wireList(line.message?.tool_calls).flatMap(readCall));
      if (line.done) {
        stop = toStopReason(wireName(line.done_reason));
        parts.push(...toUsageParts(line, request));
        const read = line.prompt_eval_count;
        parts.push(...noticeTruncation({ request, contextTokens, read }));
      }
      return parts;
    },
    get hasFinish() {
      return stop !== undefined;
    },
    end: () => closeAnswer(stop, calls),
  };
}

/** The server leaves out a count of nothing, so input that is missing was in its cache: no bill, a guess. */
function toUsageParts(line: ChatLine, request: VendorRequest): VendorPart[] {
  const { prompt_eval_count: input, eval_count: output } = line;
  if (typeof input !== 'number' && typeof output !== 'number') return [];
  const usage = partitionTotals({ input, output });
  if (typeof input === 'number') return [{ type: 'usage', usage, costUsd: null }];
  const { inputTokens } = estimateUsage(request, { output: 0, reasoning: 0 });
  return [{ type: 'usage', usage: { ...usage, inputTokens, isEstimated: true }, costUsd: null }];
}
