import type { ModelCard, Turn } from '@mosaic/proto';
import type { ChatRequest, Message, Tool } from 'ollama';
import { estimateUsage, partitionTotals } from '../app/count-usage.ts';
import { mintCallId } from '../app/vendor/mint-call-id.ts';
import { parseToolArguments } from '../app/vendor/parse-tool-arguments.ts';
import { codeFromText, cutFault, makeFault } from '../app/vendor/vendor-fault.ts';
import type {
  ListedModel,
  Stop,
  Translation,
  VendorFault,
  VendorPart,
  VendorRequest,
} from '../app/vendor/vendor-port.ts';

/** The context a model is loaded with; the same for every call, because a change loads it again. */
export function chooseContext(request: VendorRequest, longestTokens: number): number {
  return Math.min(request.card.contextTokens ?? longestTokens, longestTokens);
}

/** Our request as /api/chat takes it. Without `num_ctx` the server would quietly cut the history. */
export function toWire(
  request: VendorRequest,
  longestContextTokens: number,
): ChatRequest & { stream: true } {
  const system: Message[] =
    request.system === null ? [] : [{ role: 'system', content: request.system }];
  return {
    model: request.model,
    messages: [...system, ...request.turns.flatMap(toMessages)],
    stream: true,
    options: {
      num_ctx: chooseContext(request, longestContextTokens),
      ...(request.temperature !== undefined && { temperature: request.temperature }),
      ...(request.maxOutputTokens && { num_predict: request.maxOutputTokens }),
    },
    // The server knows no tool choice: "none" means sending no tools.
    ...(request.tools.length > 0 &&
      request.toolChoice !== 'none' && {
        tools: request.tools.map(
          // The SDK's type knows a few schema words only; the server takes any JSON Schema.
          (tool) => ({ type: 'function', function: tool }) as Tool,
        ),
      }),
    ...(request.effort && { think: true }),
  };
}

function toMessages(turn: Turn): Message[] {
  switch (turn.role) {
    case 'user': {
      const text = turn.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
      // As bytes: the SDK takes a string for the path of a file on this machine, if there is one.
      const images = turn.content.flatMap((part) =>
        part.type === 'image' ? [Uint8Array.from(Buffer.from(part.base64, 'base64'))] : [],
      );
      const content = text.join('\n\n');
      return [{ role: 'user', content, ...(images.length > 0 && { images }) }];
    }
    case 'tool':
      return turn.results.map((result) => ({
        role: 'tool',
        content: result.output,
        tool_name: result.name,
      }));
    case 'assistant':
      return [toAssistantMessage(turn)];
    default:
      return turn satisfies never;
  }
}

function toAssistantMessage(turn: Extract<Turn, { role: 'assistant' }>): Message {
  const message: Message = { role: 'assistant', content: '' };
  for (const part of turn.content) {
    if (part.type === 'text') message.content += part.text;
    else if (part.type === 'reasoning') message.thinking = (message.thinking ?? '') + part.text;
    else {
      message.tool_calls ??= [];
      message.tool_calls.push({ function: { name: part.name, arguments: part.arguments } });
    }
  }
  return message;
}

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

/** What /api/show says about a model, as far as it says it. */
export interface ShownModel {
  readonly capabilities?: readonly string[];
  readonly model_info?: unknown;
}

const capabilityNames = new Map<string, ModelCard['capabilities'][number]>([
  ['tools', 'tools'],
  ['vision', 'vision'],
  ['thinking', 'reasoning'],
  ['embedding', 'embedding'],
]);

/** Merges a name of /api/tags with what /api/show says; `:latest` is what people leave out. */
export function describeModel(tag: string, shown: ShownModel | undefined): ListedModel {
  const info = Object.entries(Object(shown?.model_info ?? {}));
  const context = info.find(([key]) => key.endsWith('.context_length'))?.[1];
  const capabilities = shown?.capabilities?.flatMap((name) => capabilityNames.get(name) ?? []);
  return {
    model: tag.replace(/:latest$/, ''),
    name: null,
    contextTokens: typeof context === 'number' && context > 0 ? context : null,
    maxOutputTokens: null,
    capabilities: capabilities
      ? // Every model that writes can be held to a JSON schema by the server.
        [...capabilities, ...(capabilities.includes('embedding') ? [] : (['json'] as const))]
      : null,
    price: null,
  };
}
