import { MosaicError, type ToolResult, type Turn } from '@mosaic/proto';
import { z } from 'zod';
import { readInput } from '../read-input.ts';
import type { DoorRequest } from './door-request.ts';

const textBlock = z.looseObject({ type: z.literal('text'), text: z.string() });
const imageBlock = z.looseObject({
  type: z.literal('image'),
  source: z.looseObject({
    type: z.literal('base64', { error: 'images are taken in base64 only' }),
    media_type: z.string(),
    data: z.string(),
  }),
});
const resultBlock = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().min(1),
  content: z.union([z.string(), z.array(z.union([textBlock, imageBlock]))]).default(''),
  is_error: z.boolean().default(false),
});
const userBlock = z.discriminatedUnion('type', [textBlock, imageBlock, resultBlock]);

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
  tool_choice: z.looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']) }).optional(),
  temperature: z.number().min(0).max(1).optional(),
});

/** Reads the body of `POST /v1/messages`. Throws bad_request. */
export function readMessagesRequest(body: unknown): DoorRequest & { readonly isStreamed: boolean } {
  const wish = readInput(messagesBody, body);
  const names = new Map<string, string>();
  const turns = wish.messages.flatMap((one) => toTurns(one, names));
  if (turns.length === 0) throw new MosaicError('bad_request', 'messages: nobody says anything.');
  const { system } = wish;
  const choices = { auto: 'auto', any: 'required', tool: 'required', none: 'none' } as const;
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
    toolChoice: wish.tool_choice === undefined ? 'auto' : choices[wish.tool_choice.type],
    temperature: wish.temperature,
    maxOutputTokens: wish.max_tokens,
    isStreamed: wish.stream,
  };
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

function textOf(blocks: readonly { readonly type: string; readonly text?: unknown }[]): string {
  return blocks
    .map((block) => (block.type === 'text' ? String(block.text) : '[image left out]'))
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
