import type Anthropic from '@anthropic-ai/sdk';
import type { Turn } from '@mosaic/proto';
import type { VendorRequest } from '../app/vendor/vendor-port.ts';

type Params = Anthropic.MessageCreateParamsStreaming;
type Message = Anthropic.MessageParam;
type Block = Anthropic.ContentBlockParam;

/** Anthropic requires a limit; this one is for models we have no card for. */
const defaultMaxTokens = 8_192;

/** Marks a redacted thinking block, whose text nobody may see, in our signature field. */
export const redactedPrefix = 'redacted:';

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
