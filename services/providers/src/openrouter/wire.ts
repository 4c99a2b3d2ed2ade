import type { Turn } from '@mosaic/proto';
import type OpenAI from 'openai';
import type { VendorRequest } from '../app/vendor/vendor-port.ts';
import { toChatWire } from '../openai-compatible/chat-wire.ts';

/** Our request for OpenRouter: the chat format with its nested `reasoning`. */
export function toWire(request: VendorRequest): OpenAI.Chat.ChatCompletionCreateParamsStreaming {
  return {
    ...toChatWire(request, replayDetails),
    ...(request.tools.length > 0 && { tool_choice: request.toolChoice }),
    // `reasoning` is OpenRouter's own field; the SDK passes it on.
    ...(request.effort && { reasoning: { effort: request.effort } }),
  };
}

/** The sealed details of the model's thinking go back as they came. */
function replayDetails(turn: Extract<Turn, { role: 'assistant' }>) {
  for (const part of turn.content) {
    if (part.type !== 'reasoning' || !part.signature) continue;
    try {
      const details: unknown = JSON.parse(part.signature);
      if (Array.isArray(details)) return { reasoning_details: details };
    } catch {
      // Not one of ours: leave it out.
    }
  }
  return {};
}
