import { z } from 'zod';
import { modelRefSchema } from './model-ref.ts';

const textPart = z.object({ type: z.literal('text'), text: z.string() });

/** An image by reference or inline base64; vendors without vision get a note instead. */
const imagePart = z.object({
  type: z.literal('image'),
  mediaType: z.string(),
  base64: z.string(),
});

/**
 * A file of a user, inline base64. Vendors that can't read its kind get its words when it is text,
 * else a note.
 */
const filePart = z.object({
  type: z.literal('file'),
  mediaType: z.string(),
  base64: z.string(),
  /** Its name with the ending, e.g. "report.pdf". */
  name: z.string().min(1).max(255),
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
    content: z.array(z.discriminatedUnion('type', [textPart, imagePart, filePart])).min(1),
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

/** A name that every vendor takes, for tools and for output formats. */
const plainNameSchema = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);

/** A tool as a model sees it. */
export const toolSpecSchema = z.object({
  name: plainNameSchema,
  description: z.string(),
  /** JSON Schema (2020-12) of the arguments object. */
  parameters: z.record(z.string(), z.unknown()),
});
export type ToolSpec = z.infer<typeof toolSpecSchema>;

/** Whether a model may, must not or must call a tool, or which one it must call. */
export const toolChoiceSchema = z.union([
  z.enum(['auto', 'none', 'required']),
  z.object({ name: plainNameSchema }),
]);
export type ToolChoice = z.infer<typeof toolChoiceSchema>;

/** The form an answer must have: any JSON object, or one after a JSON Schema (2020-12). */
export const outputFormatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('json') }),
  z.object({
    type: z.literal('json-schema'),
    name: plainNameSchema,
    description: z.string().optional(),
    schema: z.record(z.string(), z.unknown()),
  }),
]);
export type OutputFormat = z.infer<typeof outputFormatSchema>;
