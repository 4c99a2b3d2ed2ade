import type { Turn } from '@mosaic/proto';
import type OpenAI from 'openai';
import type { VendorRequest, VendorRules } from '../app/vendor/vendor-port.ts';
import { chatCallIdMaxLength, toChatWire } from '../openai-compatible/chat-wire.ts';

export const zaiRules: VendorRules = {
  callIdMaxLength: chatCallIdMaxLength,
  needsAlternatingRoles: false,
  needsToolsForCalls: false,
  toolChoices: 'auto-or-none',
  thinksWhenForced: true,
  parameters: {
    temperature: { least: 0, most: 1 },
    topP: { least: 0.01, most: 1 },
    mostStops: 1,
    takesBlankStops: true,
    takesSeed: false,
    takesPenalties: false,
    takesParallelSwitch: false,
  },
  takesJsonFormat: true,
  supportOfSchema: () => 'refused',
  files: { pdf: 'never', others: [] },
  defaultReasoning: { how: 'switch' },
  defaultMaxOutputTokens: null,
  leastOutputTokens: 1,
  mustOutputFit: true,
};

/** Our request for Z.ai: the chat format with its own thinking and tool streaming switches. */
export function toWire(request: VendorRequest): OpenAI.Chat.ChatCompletionCreateParamsStreaming {
  // `auto` is the only tool choice the vendor knows; "none" means sending no tools.
  const tools = request.toolChoice === 'none' ? [] : request.tools;
  const hasTools = tools.length > 0;
  return {
    ...toChatWire({ ...request, tools }, { replayReasoning: replayThinking, writesParts: false }),
    stream_options: { include_usage: true },
    ...(hasTools && {
      tool_choice: 'auto' as const,
      // Without it arguments arrive as one chunk after minutes of silence.
      tool_stream: true,
    }),
    ...toThinking(request, hasTools),
  };
}

/** Keeps the thinking of earlier steps, which the model needs between its tool calls. */
function toThinking({ card, effort }: VendorRequest, hasTools: boolean) {
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  const thinks = card.capabilities.includes('reasoning');
  if (effort === undefined && !(thinks && hasTools)) return {};
  return {
    thinking: { type: 'enabled', clear_thinking: false },
    // Models before GLM-5.2 do not know it.
    ...(effort && card.reasoning?.how === 'effort' && { reasoning_effort: effort }),
  };
}

/** Thinking has no seal here: the text itself goes back. */
function replayThinking(turn: Extract<Turn, { role: 'assistant' }>) {
  const text = turn.content.flatMap((part) => (part.type === 'reasoning' ? [part.text] : []));
  return text.length > 0 ? { reasoning_content: text.join('') } : {};
}
