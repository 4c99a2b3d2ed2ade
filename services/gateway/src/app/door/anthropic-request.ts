import { type Effort, efforts, MosaicError, type ToolResult, type Turn } from '@mosaic/proto';
import { z } from 'zod';
import { readInput } from '../read-input.ts';
import type { DoorOptions, DoorRequest } from './door-request.ts';

const textBlock = z.looseObject({ type: z.literal('text'), text: z.string() });
const imageBlock = z.looseObject({
  type: z.literal('image'),
  source: z.looseObject({
    type: z.literal('base64', { error: 'images are taken in base64 only' }),
    media_type: z.string(),
    data: z.string(),
  }),
});
const documentBlock = z.looseObject({
  type: z.literal('document'),
  source: z.discriminatedUnion(
    'type',
    [
      z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
      z.looseObject({ type: z.literal('text'), data: z.string() }),
    ],
    { error: 'documents are taken in base64 or as text only' },
  ),
  title: z.string().min(1).max(255).nullish(),
});
const resultBlock = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().min(1),
  content: z
    .union([z.string(), z.array(z.union([textBlock, imageBlock, documentBlock]))])
    .default(''),
  is_error: z.boolean().default(false),
});
const userBlock = z.discriminatedUnion('type', [textBlock, imageBlock, documentBlock, resultBlock]);

const assistantBlock = z.discriminatedUnion('type', [
  textBlock,
  z.looseObject({
    type: z.literal('tool_use'),
    id: z.string().min(1),
    name: z.string().min(1),
    input: z.record(z.string(), z.unknown()),
  }),
  z.looseObject({
    type: z.literal('thinking'),
    thinking: z.string(),
    signature: z.string().optional(),
  }),
  z.looseObject({ type: z.literal('redacted_thinking') }),
]);

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('user'), content: z.union([z.string(), z.array(userBlock)]) }),
  z.looseObject({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(assistantBlock)]),
  }),
]);
type Message = z.infer<typeof message>;

const messagesBody = z.looseObject({
  model: z.string().min(1).max(240),
  max_tokens: z.number().int().positive(),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  messages: z.array(message).min(1),
  stream: z.boolean().default(false),
  tools: z
    .array(
      z.looseObject({
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
        description: z.string().default(''),
        input_schema: z.record(z.string(), z.unknown()),
      }),
    )
    .default([]),
  tool_choice: z
    .looseObject({
      type: z.enum(['auto', 'any', 'tool', 'none']),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().optional(),
    })
    .optional(),
  // The API's newest version has no sampling; programs that speak an older one still send it.
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  stop_sequences: z.array(z.string()).max(16).optional(),
  thinking: z
    .looseObject({ type: z.string(), budget_tokens: z.number().int().optional() })
    .optional(),
  output_config: z
    .looseObject({
      effort: z.string().nullish(),
      format: z
        .looseObject({
          type: z.literal('json_schema'),
          schema: z.record(z.string(), z.unknown()),
        })
        .nullish(),
    })
    .optional(),
});

/** Reads the body of `POST /v1/messages`. Throws bad_request. */
export function readMessagesRequest(body: unknown): DoorRequest & { readonly isStreamed: boolean } {
  const wish = readInput(messagesBody, body);
  const names = new Map<string, string>();
  const turns = wish.messages.flatMap((one) => toTurns(one, names));
  if (turns.length === 0) throw new MosaicError('bad_request', 'messages: nobody says anything.');
  const { system } = wish;
  return {
    model: wish.model,
    system: Array.isArray(system)
      ? system.map((block) => block.text).join('\n\n')
      : (system ?? null),
    turns,
    tools: wish.tools.map(({ description, input_schema: parameters, name }) => ({
      name,
      description,
      parameters,
    })),
    toolChoice: toToolChoice(wish.tool_choice),
    options: toOptions(wish),
    isStreamed: wish.stream,
  };
}

type Wish = z.infer<typeof messagesBody>;

function toToolChoice(given: Wish['tool_choice']): DoorRequest['toolChoice'] {
  if (given === undefined || given.type === 'auto') return 'auto';
  if (given.type === 'none') return 'none';
  return given.type === 'tool' && given.name !== undefined ? { name: given.name } : 'required';
}

function toOptions(wish: Wish): DoorOptions {
  const stop = (wish.stop_sequences ?? []).filter(Boolean);
  const format = wish.output_config?.format;
  return {
    temperature: wish.temperature,
    topP: wish.top_p,
    stop: stop.length > 0 ? stop : undefined,
    maxOutputTokens: wish.max_tokens,
    parallelToolCalls: wish.tool_choice?.disable_parallel_tool_use ? false : undefined,
    outputFormat: format
      ? { type: 'json-schema', name: 'answer', schema: format.schema }
      : undefined,
    effort: toEffort(wish),
  };
}

/** Who thinks without saying how much thinks with high effort: so the vendor's own models do. */
function toEffort({ output_config: config, thinking }: Wish): Effort | undefined {
  if (thinking?.type === 'disabled') return 'none';
  const named = z.enum(efforts).safeParse(config?.effort).data;
  if (named !== undefined || thinking === undefined) return named;
  const budget = thinking.budget_tokens ?? Number.POSITIVE_INFINITY;
  if (budget < 4_096) return 'low';
  return budget < 16_384 ? 'medium' : 'high';
}

/** `names`: which tool was called under which id, for the results that follow. */
function toTurns(one: Message, names: Map<string, string>): Turn[] {
  if (typeof one.content === 'string') {
    return [{ role: one.role, content: [{ type: 'text', text: one.content }] }];
  }
  return one.role === 'user'
    ? toUserTurns(one.content, names)
    : [toAssistantTurn(one.content, names)];
}

/** Results of tools and new words stand in one message there and in two turns here. */
function toUserTurns(
  blocks: readonly z.infer<typeof userBlock>[],
  names: ReadonlyMap<string, string>,
): Turn[] {
  const results: ToolResult[] = [];
  const content: Extract<Turn, { role: 'user' }>['content'] = [];
  for (const block of blocks) {
    if (block.type === 'text') content.push({ type: 'text', text: block.text });
    else if (block.type === 'image') content.push(toImage(block));
    else if (block.type === 'document') content.push(toFile(block));
    else {
      const callId = block.tool_use_id;
      const name = names.get(callId);
      if (name === undefined) {
        throw new MosaicError(
          'bad_request',
          `messages: nothing was called with the id "${callId}".`,
        );
      }
      const output = typeof block.content === 'string' ? block.content : textOf(block.content);
      results.push({ callId, name, output, isError: block.is_error });
    }
  }
  return [
    ...(results.length === 0 ? [] : [{ role: 'tool' as const, results }]),
    ...(content.length === 0 ? [] : [{ role: 'user' as const, content }]),
  ];
}

function toImage({ source }: z.infer<typeof imageBlock>) {
  return { type: 'image' as const, mediaType: source.media_type, base64: source.data };
}

function toFile({ source, title }: z.infer<typeof documentBlock>) {
  const name = title ?? 'document';
  if (source.type === 'base64') {
    return { type: 'file' as const, mediaType: source.media_type, base64: source.data, name };
  }
  const base64 = Buffer.from(source.data).toString('base64');
  return { type: 'file' as const, mediaType: 'text/plain', base64, name };
}

function textOf(blocks: readonly { readonly type: string; readonly text?: unknown }[]): string {
  return blocks
    .map((block) => (block.type === 'text' ? String(block.text) : `[${block.type} left out]`))
    .join('\n');
}

function toAssistantTurn(
  blocks: readonly z.infer<typeof assistantBlock>[],
  names: Map<string, string>,
): Turn {
  const content: Extract<Turn, { role: 'assistant' }>['content'] = [];
  for (const block of blocks) {
    if (block.type === 'text') content.push({ type: 'text', text: block.text });
    if (block.type === 'thinking') {
      const { signature, thinking: text } = block;
      content.push({ type: 'reasoning', text, ...(signature === undefined ? {} : { signature }) });
    }
    if (block.type === 'tool_use') {
      const { id, input, name } = block;
      names.set(id, name);
      content.push({ type: 'tool-call', id, name, arguments: input });
    }
  }
  return { role: 'assistant', content };
}
