import type { Turn } from '@mosaic/proto';
import type OpenAI from 'openai';
import type { VendorRequest } from '../app/vendor/vendor-port.ts';

type Message = OpenAI.Chat.ChatCompletionMessageParam;
type AssistantTurn = Extract<Turn, { role: 'assistant' }>;

/** Chat completions take no call id longer than this. */
export const chatCallIdMaxLength = 40;

/** How one host wants the model's own reasoning back: fields to add to an assistant message. */
export type ReplayReasoning = (turn: AssistantTurn) => Readonly<Record<string, unknown>>;

/** The part of a chat request that all hosts understand. */
export function toChatWire(request: VendorRequest, replayReasoning: ReplayReasoning) {
  const system: Message[] =
    request.system === null ? [] : [{ role: 'system', content: request.system }];
  return {
    model: request.model,
    messages: [...system, ...request.turns.flatMap((turn) => toMessages(turn, replayReasoning))],
    stream: true as const,
    ...(request.tools.length > 0 && {
      tools: request.tools.map((tool) => ({ type: 'function' as const, function: tool })),
    }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.maxOutputTokens && { max_tokens: request.maxOutputTokens }),
  };
}

function toMessages(turn: Turn, replayReasoning: ReplayReasoning): Message[] {
  switch (turn.role) {
    case 'user':
      return [{ role: 'user', content: toUserContent(turn) }];
    case 'tool':
      return turn.results.map((result) => ({
        role: 'tool',
        tool_call_id: result.callId,
        content: result.output,
      }));
    case 'assistant':
      return [toAssistantMessage(turn, replayReasoning)];
    default:
      return turn satisfies never;
  }
}

/** Plain text travels as a string: some hosts take nothing else for models without vision. */
function toUserContent(turn: Extract<Turn, { role: 'user' }>) {
  if (turn.content.every((part) => part.type === 'text')) {
    return turn.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n');
  }
  return turn.content.map((part) =>
    part.type === 'text'
      ? { type: 'text' as const, text: part.text }
      : {
          type: 'image_url' as const,
          image_url: { url: `data:${part.mediaType};base64,${part.base64}` },
        },
  );
}

function toAssistantMessage(turn: AssistantTurn, replayReasoning: ReplayReasoning): Message {
  const text = turn.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const calls = turn.content.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
  return {
    role: 'assistant',
    content: text.length > 0 ? text.join('') : null,
    ...(calls.length > 0 && {
      tool_calls: calls.map((call) => ({
        id: call.id,
        type: 'function' as const,
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      })),
    }),
    ...replayReasoning(turn),
  };
}
