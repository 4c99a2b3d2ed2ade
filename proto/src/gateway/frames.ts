import { z } from 'zod';
import { conversationEventSchema } from '../conversation/events.ts';
import { maxMessageChars, messageModes } from '../conversation/inbox.ts';
import { liveDeltaSchema } from '../conversation/live.ts';
import { approvalAnswerSchema, callIdSchema } from '../conversation/tool-events.ts';
import { errorBodySchema } from '../errors.ts';
import { clientIdSchema, idSchema } from '../ids.ts';
import { modelNameSchema } from '../router/decide-route.ts';
import { timeZoneSchema } from '../router/rule-params.ts';

/** Version of the socket protocol, named in `hello` and `welcome`. */
export const socketProtocolVersion = 1;

/** Frames that a client may send on `/ws`; unknown fields are refused. */
export const clientFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.literal(socketProtocolVersion),
    /** Names the client in logs: `tui/0.1.0`, `web/0.1.0`. */
    client: z.string().max(80),
    /** Session token or API key; browsers send the cookie instead. */
    token: z.string().max(500).optional(),
  }),
  /** Everything after `after` is replayed, then `live` marks the head, then news follow. */
  z.strictObject({
    type: z.literal('subscribe'),
    conversationId: idSchema,
    after: z.number().int().nonnegative(),
  }),
  z.strictObject({ type: z.literal('unsubscribe'), conversationId: idSchema }),
  z.strictObject({
    type: z.literal('send'),
    conversationId: idSchema,
    messageId: clientIdSchema,
    text: z.string().min(1).max(maxMessageChars),
    model: modelNameSchema.optional(),
    agent: z.string().max(64).optional(),
    /** `steer` joins the turn that runs; without one, or without this, the message waits. */
    mode: z.enum(messageModes).optional(),
    timeZone: timeZoneSchema.optional(),
  }),
  z.strictObject({ type: z.literal('cancel'), conversationId: idSchema, run: idSchema.optional() }),
  /** Answers a tool call that waits; the first answer of any client counts, and comes as an event. */
  z.strictObject({
    type: z.literal('answer-approval'),
    conversationId: idSchema,
    callId: callIdSchema,
    answer: approvalAnswerSchema,
  }),
  z.strictObject({ type: z.literal('ping'), id: z.string().max(64) }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

/** Frames that the gateway sends; clients ignore types and fields they do not know. */
export const serverFrameSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    protocol: z.number().int(),
    user: z.object({ id: idSchema, name: z.string(), role: z.string() }),
    /** The server sends `tick` this often; a client that hears nothing for 2.5 ticks reconnects. */
    tickMs: z.number().int().positive(),
    maxMessageChars: z.number().int().positive(),
    /** True while look-alike vendors answer: every client says so. */
    isDemo: z.boolean(),
  }),
  z.object({ type: z.literal('event'), event: conversationEventSchema }),
  z.object({ type: z.literal('delta'), delta: liveDeltaSchema }),
  z.object({
    type: z.literal('live'),
    conversationId: idSchema,
    head: z.number().int().nonnegative().describe('Last event replayed; what follows is new.'),
  }),
  z.object({ type: z.literal('accepted'), conversationId: idSchema, messageId: clientIdSchema }),
  z.object({
    type: z.literal('error'),
    /** The message, conversation, tool call or ping that it answers, when there is one. */
    about: z.string().optional(),
    error: errorBodySchema.shape.error,
  }),
  z.object({ type: z.literal('pong'), id: z.string() }),
  z.object({ type: z.literal('tick') }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;
