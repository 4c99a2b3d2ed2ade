import { estimateUsage, partitionTotals } from '../app/count-usage.ts';
import { mintCallId } from '../app/vendor/mint-call-id.ts';
import { parseToolArguments } from '../app/vendor/parse-tool-arguments.ts';
import { codeFromText, cutFault, makeFault } from '../app/vendor/vendor-fault.ts';
import type {
  Stop,
  Translation,
  VendorFault,
  VendorPart,
  VendorRequest,
} from '../app/vendor/vendor-port.ts';

/** The vendor's reason to stop, in our words. */
export function toStopReason(raw: string | undefined, hasCalled: boolean): Stop {
  if (raw === 'stop' || raw === undefined) {
    return { unified: hasCalled ? 'tool-calls' : 'stop', raw: raw ?? null };
  }
  return { unified: raw === 'length' ? 'length' : 'other', raw };
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
  readonly function: { readonly name: string; readonly arguments?: unknown };
}

/** Translates one /api/chat stream. */
export function startTranslation(
  request: VendorRequest,
  contextTokens: number,
): Translation<ChatLine> {
  let hasModel = false;
  let hasCalled = false;
  let stop: Stop | undefined;
  return {
    next(line) {
      const parts: VendorPart[] = [];
      if (!hasModel && line.model) {
        hasModel = true;
        parts.push({ type: 'answering', model: line.model });
      }
      const { thinking, content, tool_calls: calls = [] } = line.message ?? {};
      if (thinking) parts.push({ type: 'reasoning', text: thinking });
      if (content) parts.push({ type: 'text', text: content });
      for (const call of calls) parts.push(...toCallParts(call));
      hasCalled ||= calls.length > 0;
      if (line.done) {
        stop = toStopReason(line.done_reason, hasCalled);
        parts.push(...toClosingParts(line, { request, contextTokens }));
      }
      return parts;
    },
    get hasFinish() {
      return stop !== undefined;
    },
    end: () => [stop ? { type: 'finished', stop } : { type: 'failed', fault: cutFault }],
  };
}

/** Calls come whole, mostly without an id. */
function toCallParts({ id = mintCallId(), function: called }: ToolCallLine): VendorPart[] {
  const { name } = called;
  return [
    { type: 'tool-call-start', id, name },
    parseToolArguments({ id, name }, called.arguments),
  ];
}

function toClosingParts(
  line: ChatLine,
  { request, contextTokens }: { readonly request: VendorRequest; readonly contextTokens: number },
): VendorPart[] {
  const parts: VendorPart[] = [];
  if (line.prompt_eval_count !== undefined || line.eval_count !== undefined) {
    const usage = partitionTotals({ input: line.prompt_eval_count, output: line.eval_count });
    parts.push({ type: 'usage', usage, costUsd: 0 });
  }
  const { inputTokens } = estimateUsage(request, { output: 0, reasoning: 0 });
  if (inputTokens > contextTokens) {
    const message = `The conversation is longer than the ${contextTokens} tokens that ${request.model} was loaded with; Ollama left out its oldest part.`;
    parts.push({ type: 'warning', message });
  }
  return parts;
}

/** What a line with only `error` means; the server gives no code. */
export function toStreamFault(message: string): VendorFault {
  if (/not found/.test(message)) return makeFault('unknown_model', message);
  if (/server busy|overloaded|too many requests/i.test(message)) {
    return makeFault('provider_overloaded', message);
  }
  return makeFault(codeFromText(message, 'provider_failed'), message);
}
