import { z } from 'zod';
import { modelRefSchema } from './model-ref.ts';

const textPart = z.object({ type: z.literal('text'), text: z.string() });

/** An image by reference or inline base64; vendors without vision get a note instead. */
const imagePart = z.object({
  type: z.literal('image'),
  mediaType: z.string(),
  base64: z.string(),
});

/** The model's thinking. `signature` is the vendor's own seal and goes back to that vendor only. */
export const thoughtSchema = z.object({ text: z.string(), signature: z.string().optional() });
export type Thought = z.infer<typeof thoughtSchema>;

const reasoningPart = thoughtSchema.extend({ type: z.literal('reasoning') });

export const toolCallSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  /** Parsed JSON object; `{}` for a call without arguments. */
  arguments: z.record(z.string(), z.unknown()),
});
export type ToolCall = z.infer<typeof toolCallSchema>;

const toolCallPart = toolCallSchema.extend({ type: z.literal('tool-call') });

export const toolResultSchema = z.object({
  callId: z.string().min(1),
  name: z.string().min(1),
  output: z.string(),
  isError: z.boolean(),
});
export type ToolResult = z.infer<typeof toolResultSchema>;

/**
 * One turn of a conversation with its role, independent of any vendor. History is always a list of
 * these, never text pasted into a prompt. The system prompt travels beside it.
 */
export const turnSchema = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('user'),
    content: z.array(z.discriminatedUnion('type', [textPart, imagePart])).min(1),
  }),
  z.object({
    role: z.literal('assistant'),
    content: z.array(z.discriminatedUnion('type', [textPart, reasoningPart, toolCallPart])),
    /** Who produced it: decides whether signatures and call ids may be replayed unchanged. */
    by: modelRefSchema.optional(),
  }),
  z.object({ role: z.literal('tool'), results: z.array(toolResultSchema).min(1) }),
]);
export type Turn = z.infer<typeof turnSchema>;

/** A tool as a model sees it. */
export const toolSpecSchema = z.object({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  description: z.string(),
  /** JSON Schema (2020-12) of the arguments object. */
  parameters: z.record(z.string(), z.unknown()),
});
export type ToolSpec = z.infer<typeof toolSpecSchema>;
