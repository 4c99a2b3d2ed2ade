import type { Turn } from '@mosaic/proto';
import type OpenAI from 'openai';
import type { VendorRequest } from '../app/vendor/vendor-port.ts';

type Params = OpenAI.Responses.ResponseCreateParamsStreaming;
type InputItem = OpenAI.Responses.ResponseInputItem;

/** Our request as the Responses API takes it. Nothing is stored there: the history is ours. */
export function toWire(request: VendorRequest): Params {
  return {
    model: request.model,
    input: request.turns.flatMap(toItems),
    stream: true,
    store: false,
    // Without storage the model's reasoning has to travel with us, sealed.
    ...(request.card.capabilities.includes('reasoning') && {
      include: ['reasoning.encrypted_content' as const],
    }),
    ...(request.system !== null && { instructions: request.system }),
    ...(request.tools.length > 0 && {
      tools: request.tools.map((tool) => ({ ...tool, type: 'function' as const, strict: false })),
      tool_choice: request.toolChoice,
    }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    // The vendor refuses limits below 16.
    ...(request.maxOutputTokens && { max_output_tokens: Math.max(16, request.maxOutputTokens) }),
    ...(request.effort && { reasoning: { effort: request.effort } }),
    ...(request.conversationId && { prompt_cache_key: request.conversationId }),
  };
}

function toItems(turn: Turn): InputItem[] {
  switch (turn.role) {
    case 'user':
      return [
        {
          role: 'user',
          content: turn.content.map((part) =>
            part.type === 'text'
              ? { type: 'input_text', text: part.text }
              : {
                  type: 'input_image',
                  detail: 'auto',
                  image_url: `data:${part.mediaType};base64,${part.base64}`,
                },
          ),
        },
      ];
    case 'tool':
      return turn.results.map((result) => ({
        type: 'function_call_output',
        call_id: result.callId,
        output: result.output,
      }));
    case 'assistant':
      return turn.content.flatMap((part, index): InputItem[] => {
        if (part.type === 'text') return [{ role: 'assistant', content: part.text }];
        if (part.type === 'reasoning') {
          // A reasoning item must be followed by what it led to.
          return index < turn.content.length - 1 ? toReasoning(part.signature) : [];
        }
        const { id: call_id, name } = part;
        const written = JSON.stringify(part.arguments);
        return [{ type: 'function_call', call_id, name, arguments: written }];
      });
    default:
      return turn satisfies never;
  }
}

/** Our signature of a reasoning item holds what the vendor wants back: its id and sealed content. */
function toReasoning(signature: string | undefined): InputItem[] {
  if (!signature) return [];
  try {
    const { id, sealed } = JSON.parse(signature) as { id?: unknown; sealed?: unknown };
    if (typeof id !== 'string' || typeof sealed !== 'string') return [];
    return [{ type: 'reasoning', id, summary: [], encrypted_content: sealed }];
  } catch {
    return [];
  }
}
