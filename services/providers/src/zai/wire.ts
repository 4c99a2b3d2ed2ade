import type { Turn } from '@mosaic/proto';
import type OpenAI from 'openai';
import type { VendorRequest } from '../app/vendor/vendor-port.ts';
import { toChatWire } from '../openai-compatible/chat-wire.ts';

/** Our request for Z.ai: the chat format with its own thinking and tool streaming switches. */
export function toWire(request: VendorRequest): OpenAI.Chat.ChatCompletionCreateParamsStreaming {
  // `auto` is the only tool choice the vendor knows; "none" means sending no tools.
  const tools = request.toolChoice === 'none' ? [] : request.tools;
  const hasTools = tools.length > 0;
  const thinks = request.card.capabilities.includes('reasoning');
  return {
    ...toChatWire({ ...request, tools, temperature: clamp(request.temperature) }, replayThinking),
    stream_options: { include_usage: true },
    ...(hasTools && {
      tool_choice: 'auto' as const,
      // Without it arguments arrive as one chunk after minutes of silence.
      tool_stream: true,
      // Keeps the thinking of earlier steps, which the model needs between its tool calls.
      ...(thinks && { thinking: { type: 'enabled', clear_thinking: false } }),
    }),
  };
}

function clamp(temperature: number | undefined): number | undefined {
  return temperature === undefined ? undefined : Math.min(1, temperature);
}

/** Thinking has no seal here: the text itself goes back. */
function replayThinking(turn: Extract<Turn, { role: 'assistant' }>) {
  const text = turn.content.flatMap((part) => (part.type === 'reasoning' ? [part.text] : []));
  return text.length > 0 ? { reasoning_content: text.join('') } : {};
}
