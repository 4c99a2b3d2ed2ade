import type { Turn } from '@mosaic/proto';
import type OpenAI from 'openai';
import type { VendorRequest, VendorRules } from '../app/vendor/vendor-port.ts';
import { chatCallIdMaxLength, toChatWire, toToolChoice } from '../openai-compatible/chat-wire.ts';
import { supportOfSchema } from '../openai-compatible/strict-schema.ts';
import { markCache } from './cache-marks.ts';

/** OpenRouter translates these to what the model's maker knows. */
export const openRouterEfforts = [
  'none',
  'minimal',
  'low',
  'medium',
  'high',
  'xhigh',
  'max',
] as const;

export const openRouterRules: VendorRules = {
  callIdMaxLength: chatCallIdMaxLength,
  needsAlternatingRoles: false,
  // So wants the upstream of some models.
  needsToolsForCalls: true,
  toolChoices: 'every',
  thinksWhenForced: true,
  parameters: {
    temperature: { least: 0, most: 2 },
    topP: { least: 0, most: 1 },
    mostStops: 4,
    takesBlankStops: true,
    takesSeed: true,
    takesPenalties: true,
    takesParallelSwitch: true,
  },
  takesJsonFormat: true,
  supportOfSchema,
  // For models that read no PDF themselves OpenRouter reads it for them.
  files: { pdf: 'always', others: [] },
  defaultReasoning: { how: 'effort', efforts: openRouterEfforts },
  defaultMaxOutputTokens: null,
  // Below it some upstreams answer 400.
  leastOutputTokens: 16,
  mustOutputFit: true,
};

/**
 * Makers whose models cache only what is marked, after OpenRouter's page on prompt caching. Its ids
 * begin with the maker; for models of its live list there is no card that would say it.
 */
const markedMakers = ['anthropic/', 'google/gemini'];
const leastMarkedTokens = 1_024;

const sessionIdMaxLength = 256;

/** Our request for OpenRouter: the chat format with its own `reasoning`, `session_id` and marks. */
export function toWire(request: VendorRequest): OpenAI.Chat.ChatCompletionCreateParamsStreaming {
  const { card, conversationId, effort, tools } = request;
  const isMarked = markedMakers.some((maker) => request.model.startsWith(maker));
  const wire = toChatWire(request, { replayReasoning: replayDetails, writesParts: isMarked });
  if (isMarked && request.isPrefixReused) {
    markCache(wire, card.cacheFromTokens ?? leastMarkedTokens);
  }
  return {
    ...wire,
    ...(tools.length > 0 && { tool_choice: toToolChoice(request) }),
    ...(tools.length > 0 &&
      request.parallelToolCalls !== undefined && {
        parallel_tool_calls: request.parallelToolCalls,
      }),
    // The fields below are OpenRouter's own; the SDK passes them on.
    ...(effort && { reasoning: { effort } }),
    // Keeps a conversation with one upstream, where its beginning is cached.
    ...(conversationId && { session_id: conversationId.slice(0, sessionIdMaxLength) }),
    ...chooseReader(request),
  };
}

/** Who reads a PDF for a model that can't see: the free reader, because the default one costs by page. */
function chooseReader({ card, turns }: VendorRequest) {
  const hasPdf = turns.some(
    (turn) => turn.role === 'user' && turn.content.some((part) => part.type === 'file'),
  );
  if (!hasPdf || card.capabilities.includes('vision')) return {};
  return { plugins: [{ id: 'file-parser', pdf: { engine: 'cloudflare-ai' } }] };
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
