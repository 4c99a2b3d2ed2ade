import type { OutputFormat, Turn } from '@mosaic/proto';
import type OpenAI from 'openai';
import type { VendorRequest } from '../app/vendor/vendor-port.ts';
import { isStrictSchema } from './strict-schema.ts';

type Chat = OpenAI.Chat.ChatCompletionCreateParamsStreaming;
type Message = OpenAI.Chat.ChatCompletionMessageParam;
type AssistantTurn = Extract<Turn, { role: 'assistant' }>;
type UserTurn = Extract<Turn, { role: 'user' }>;

/** Chat completions take no call id longer than this. */
export const chatCallIdMaxLength = 40;

/** What differs between the hosts of the chat format. */
export interface ChatManners {
  /** How the host wants the model's own reasoning back: fields to add to an assistant message. */
  replayReasoning(turn: AssistantTurn): Readonly<Record<string, unknown>>;
  /** True to write every text as a part, which can carry a mark; else plain text is a string. */
  readonly writesParts: boolean;
}

/** The part of a chat request that all hosts understand. */
export function toChatWire(request: VendorRequest, manners: ChatManners) {
  const { frequencyPenalty, presencePenalty, seed, stop, temperature, tools, topP } = request;
  const text = (words: string) => (manners.writesParts ? [textPart(words)] : words);
  const system: Message[] =
    request.system === null ? [] : [{ role: 'system', content: text(request.system) }];
  return {
    model: request.model,
    messages: [...system, ...request.turns.flatMap((turn) => toMessages(turn, manners))],
    stream: true as const,
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ type: 'function' as const, function: { ...tool } })),
    }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(stop.length > 0 && { stop: [...stop] }),
    ...(seed !== undefined && { seed }),
    ...(presencePenalty !== undefined && { presence_penalty: presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequency_penalty: frequencyPenalty }),
    ...(request.maxOutputTokens && { max_tokens: request.maxOutputTokens }),
    ...(request.outputFormat && { response_format: toResponseFormat(request.outputFormat) }),
  };
}

/** The choice among tools, for hosts that know every kind. */
export function toToolChoice({ toolChoice }: VendorRequest): NonNullable<Chat['tool_choice']> {
  if (typeof toolChoice === 'string') return toolChoice;
  return { type: 'function', function: { name: toolChoice.name } };
}

function toResponseFormat(format: OutputFormat): NonNullable<Chat['response_format']> {
  if (format.type === 'json') return { type: 'json_object' };
  const { description, name, schema } = format;
  const strict = isStrictSchema(schema);
  return {
    type: 'json_schema',
    json_schema: { name, schema, strict, ...(description && { description }) },
  };
}

function toMessages(turn: Turn, manners: ChatManners): Message[] {
  switch (turn.role) {
    case 'user':
      return [{ role: 'user', content: toUserContent(turn, manners) }];
    case 'tool':
      return turn.results.map(({ callId, output }) => ({
        role: 'tool',
        tool_call_id: callId,
        content: manners.writesParts ? [textPart(output)] : output,
      }));
    case 'assistant':
      return [toAssistantMessage(turn, manners)];
    default:
      return turn satisfies never;
  }
}

/** Plain text travels as a string: some hosts take nothing else for models without vision. */
function toUserContent(turn: UserTurn, { writesParts }: ChatManners) {
  if (!writesParts && turn.content.every((part) => part.type === 'text')) {
    return turn.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n');
  }
  return turn.content.map((part): OpenAI.Chat.ChatCompletionContentPart => {
    if (part.type === 'text') return textPart(part.text);
    const data = `data:${part.mediaType};base64,${part.base64}`;
    return part.type === 'image'
      ? { type: 'image_url', image_url: { url: data } }
      : { type: 'file', file: { filename: part.name, file_data: data } };
  });
}

function textPart(text: string) {
  return { type: 'text' as const, text };
}

function toAssistantMessage(turn: AssistantTurn, manners: ChatManners): Message {
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
    ...manners.replayReasoning(turn),
  };
}
