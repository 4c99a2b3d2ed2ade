import type Anthropic from '@anthropic-ai/sdk';
import type { ToolChoice, Turn } from '@mosaic/proto';
import { readWords } from '../app/history/replace-media.ts';
import type { VendorRequest, VendorRules } from '../app/vendor/vendor-port.ts';
import { markCache } from './cache-marks.ts';
import { supportOfSchema } from './output-format.ts';
import { toThinking } from './thinking.ts';

type Params = Anthropic.MessageCreateParamsStreaming;
type Block = Anthropic.ContentBlockParam;
type UserPart = Extract<Turn, { role: 'user' }>['content'][number];

/** Anthropic requires a limit; this one is for models we have no card for. */
const defaultMaxOutputTokens = 8_192;

export const anthropicRules: VendorRules = {
  callIdMaxLength: 64,
  needsAlternatingRoles: true,
  needsToolsForCalls: true,
  toolChoices: 'every',
  thinksWhenForced: false,
  parameters: {
    // The API version that the SDK speaks (2026-10-21) has no temperature and no top_p.
    temperature: null,
    topP: null,
    mostStops: 16,
    takesBlankStops: false,
    takesSeed: false,
    takesPenalties: false,
    takesParallelSwitch: true,
  },
  takesJsonFormat: false,
  supportOfSchema,
  files: { pdf: 'with-vision', others: ['text/'] },
  // Some models take only a budget, some only an effort; the others are refused with a 400.
  defaultReasoning: null,
  defaultMaxOutputTokens,
  leastOutputTokens: 1,
  mustOutputFit: true,
};

/** Marks a redacted thinking block, whose text nobody may see, in our signature field. */
export const redactedPrefix = 'redacted:';

/** Our request as the Messages API takes it. */
export function toWire(request: VendorRequest): Params {
  const { card, isPrefixReused, stop, system, tools } = request;
  const marked = {
    messages: toMessages(request.turns),
    ...(system !== null && { system: [{ type: 'text' as const, text: system }] }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        name,
        description,
        input_schema: { ...parameters, type: 'object' as const },
      })),
    }),
  };
  if (isPrefixReused && card.cacheFromTokens !== null) markCache(marked, card.cacheFromTokens);
  return {
    model: request.model,
    max_tokens: request.maxOutputTokens ?? card.maxOutputTokens ?? defaultMaxOutputTokens,
    ...marked,
    stream: true,
    ...(tools.length > 0 && { tool_choice: toToolChoice(request) }),
    ...(stop.length > 0 && { stop_sequences: [...stop] }),
    ...toThinking(request),
  };
}

function toToolChoice({ parallelToolCalls, toolChoice }: VendorRequest): Anthropic.ToolChoice {
  if (toolChoice === 'none') return { type: 'none' };
  const single = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  return { ...nameChoice(toolChoice), ...single };
}

function nameChoice(choice: Exclude<ToolChoice, 'none'>) {
  if (choice === 'auto') return { type: 'auto' as const };
  return choice === 'required'
    ? { type: 'any' as const }
    : { type: 'tool' as const, name: choice.name };
}

/** Tool results travel as user content, so a result and the next words of the user are one message. */
function toMessages(turns: readonly Turn[]) {
  const messages: { role: 'user' | 'assistant'; content: Block[] }[] = [];
  for (const turn of turns) {
    const role = turn.role === 'assistant' ? 'assistant' : 'user';
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...toBlocks(turn));
    else messages.push({ role, content: toBlocks(turn) });
  }
  return messages;
}

function toBlocks(turn: Turn): Block[] {
  switch (turn.role) {
    case 'user':
      return turn.content.map(toUserBlock);
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
        if (part.type === 'reasoning') return toThought(part.text, part.signature);
        return [{ type: 'tool_use', id: part.id, name: part.name, input: part.arguments }];
      });
    default:
      return turn satisfies never;
  }
}

function toUserBlock(part: UserPart): Block {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const data = part.base64;
  if (part.type === 'image') {
    // Only the types that the API takes come this far.
    const media_type = part.mediaType as Anthropic.Base64ImageSource['media_type'];
    return { type: 'image', source: { type: 'base64', media_type, data } };
  }
  const source: Anthropic.DocumentBlockParam['source'] =
    part.mediaType === 'application/pdf'
      ? { type: 'base64', media_type: 'application/pdf', data }
      : { type: 'text', media_type: 'text/plain', data: readWords(data) };
  return { type: 'document', source, title: part.name };
}

/** Thinking without the vendor's seal is refused, so it stays at home. */
function toThought(thinking: string, signature: string | undefined): Block[] {
  if (!signature) return [];
  if (signature.startsWith(redactedPrefix)) {
    return [{ type: 'redacted_thinking', data: signature.slice(redactedPrefix.length) }];
  }
  return [{ type: 'thinking', thinking, signature }];
}
