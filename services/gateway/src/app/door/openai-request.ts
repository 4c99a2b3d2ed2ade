import { efforts, MosaicError, type OutputFormat, type Turn } from '@mosaic/proto';
import { z } from 'zod';
import { readInput } from '../read-input.ts';
import { type DoorOptions, type DoorRequest, readArguments, readDataUrl } from './door-request.ts';

const textPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const imagePart = z.looseObject({
  type: z.literal('image_url'),
  image_url: z.looseObject({ url: z.string() }),
});
const filePart = z.looseObject({
  type: z.literal('file'),
  file: z.looseObject({
    file_data: z.string({ error: 'files are taken as file_data only' }),
    filename: z.string().min(1).max(255).default('file'),
  }),
});
const text = z.union([z.string(), z.array(textPart)]);
const toolCall = z.looseObject({
  id: z.string().min(1),
  function: z.looseObject({ name: z.string().min(1), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('system'), content: text }),
  z.looseObject({ role: z.literal('developer'), content: text }),
  z.looseObject({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.union([textPart, imagePart, filePart]))]),
  }),
  z.looseObject({
    role: z.literal('assistant'),
    content: text.nullish(),
    tool_calls: z.array(toolCall).nullish(),
  }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string().min(1), content: text }),
]);
type Message = z.infer<typeof message>;

const name = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);

const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({
      name,
      description: z.string().nullish(),
      schema: z.record(z.string(), z.unknown()).nullish(),
    }),
  }),
]);

/** Options that we do not know are left out and not refused: programs send all kinds of them. */
const chatBody = z.looseObject({
  model: z.string().min(1).max(240).default('auto'),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.literal('function'),
        function: z.looseObject({
          name,
          description: z.string().nullish(),
          parameters: z.record(z.string(), z.unknown()).nullish(),
        }),
      }),
    )
    .nullish(),
  tool_choice: z.union([z.enum(['auto', 'none', 'required']), z.looseObject({})]).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: responseFormat.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  seed: z.number().int().nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  reasoning_effort: z.string().nullish(),
});

export interface ChatRequest extends DoorRequest {
  readonly isStreamed: boolean;
  readonly wantsUsage: boolean;
}

/** Reads the body of `POST /v1/chat/completions`. Throws bad_request. */
export function readChatRequest(body: unknown): ChatRequest {
  const chat = readInput(chatBody, body);
  const turns = toTurns(chat.messages);
  if (turns.length === 0) throw new MosaicError('bad_request', 'messages: nobody says anything.');
  return {
    model: chat.model,
    system: systemOf(chat.messages),
    turns,
    tools: (chat.tools ?? []).map(({ function: { description, name, parameters } }) => ({
      name,
      description: description ?? '',
      parameters: parameters ?? { type: 'object', properties: {} },
    })),
    toolChoice: toToolChoice(chat.tool_choice),
    options: toOptions(chat),
    isStreamed: chat.stream === true,
    wantsUsage: chat.stream_options?.include_usage === true,
  };
}

function toOptions(chat: z.infer<typeof chatBody>): DoorOptions {
  const stop = (typeof chat.stop === 'string' ? [chat.stop] : (chat.stop ?? [])).filter(Boolean);
  return {
    temperature: chat.temperature ?? undefined,
    topP: chat.top_p ?? undefined,
    stop: stop.length > 0 ? stop : undefined,
    seed: chat.seed ?? undefined,
    presencePenalty: chat.presence_penalty ?? undefined,
    frequencyPenalty: chat.frequency_penalty ?? undefined,
    parallelToolCalls: chat.parallel_tool_calls ?? undefined,
    outputFormat: toOutputFormat(chat.response_format),
    maxOutputTokens: chat.max_completion_tokens ?? chat.max_tokens ?? undefined,
    // An effort that nobody knows is left out, like every other option that we do not know.
    effort: z.enum(efforts).safeParse(chat.reasoning_effort).data,
  };
}

function toOutputFormat(
  given: z.infer<typeof responseFormat> | null | undefined,
): OutputFormat | undefined {
  if (!given || given.type === 'text') return undefined;
  if (given.type === 'json_object' || !given.json_schema.schema) return { type: 'json' };
  const { description, name, schema } = given.json_schema;
  return { type: 'json-schema', name, schema, ...(description ? { description } : {}) };
}

/** Kinds of choice that we do not have come nearest to "some tool must be called". */
function toToolChoice(given: z.infer<typeof chatBody>['tool_choice']): DoorRequest['toolChoice'] {
  if (given === null || given === undefined) return 'auto';
  if (typeof given === 'string') return given;
  const named = z.looseObject({ function: z.looseObject({ name }) }).safeParse(given).data;
  return named === undefined ? 'required' : { name: named.function.name };
}

function systemOf(messages: readonly Message[]): string | null {
  const texts = messages.flatMap((one) =>
    one.role === 'system' || one.role === 'developer' ? [plainText(one.content)] : [],
  );
  return texts.length === 0 ? null : texts.join('\n\n');
}

function plainText(content: z.infer<typeof text>): string {
  return typeof content === 'string' ? content : content.map((part) => part.text).join('');
}

function toTurns(messages: readonly Message[]): Turn[] {
  const toolNames = new Map<string, string>();
  const turns: Turn[] = [];
  for (const one of messages) {
    if (one.role === 'user') turns.push(toUserTurn(one.content));
    else if (one.role === 'assistant') turns.push(toAssistantTurn(one, toolNames));
    else if (one.role === 'tool') addResult(turns, one, toolNames);
  }
  return turns;
}

function toUserTurn(content: Extract<Message, { role: 'user' }>['content']): Turn {
  if (typeof content === 'string') {
    return { role: 'user', content: [{ type: 'text', text: content }] };
  }
  const parts = content.map((part) => {
    if (part.type === 'text') return { type: 'text' as const, text: part.text };
    if (part.type === 'image_url') {
      return { type: 'image' as const, ...readDataUrl(part.image_url.url) };
    }
    const { file_data: data, filename } = part.file;
    return { type: 'file' as const, ...readDataUrl(data), name: filename };
  });
  return { role: 'user', content: parts };
}

function toAssistantTurn(
  one: Extract<Message, { role: 'assistant' }>,
  toolNames: Map<string, string>,
): Turn {
  const said = plainText(one.content ?? '');
  const calls = (one.tool_calls ?? []).map((call) => {
    toolNames.set(call.id, call.function.name);
    return {
      type: 'tool-call' as const,
      id: call.id,
      name: call.function.name,
      arguments: readArguments(call.function.arguments),
    };
  });
  return {
    role: 'assistant',
    content: [...(said === '' ? [] : [{ type: 'text' as const, text: said }]), ...calls],
  };
}

/** Results of one step stand in one turn. */
function addResult(
  turns: Turn[],
  one: Extract<Message, { role: 'tool' }>,
  toolNames: ReadonlyMap<string, string>,
): void {
  const callId = one.tool_call_id;
  const name = toolNames.get(callId);
  if (name === undefined) {
    throw new MosaicError('bad_request', `messages: nothing was called with the id "${callId}".`);
  }
  const result = { callId, name, output: plainText(one.content), isError: false };
  const last = turns.at(-1);
  if (last?.role === 'tool') last.results.push(result);
  else turns.push({ role: 'tool', results: [result] });
}
