import { z } from 'zod';

/**
 * Counts content chunks: 0 = after the opening events, -1 = before anything, the opening included.
 */
const afterChunks = z.int().min(-1).default(3);
const vendorCode = z.string().optional();

/** What can be made to go wrong with the next answer. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** An error instead of an answer, in the vendor's words. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599).default(500),
    retryAfterSeconds: z.number().nonnegative().optional(),
    code: vendorCode,
    message: z.string().optional(),
    headers: z.record(z.string(), z.string()).default({}),
  }),
  /** The vendor's error as a document with HTTP 200, although a stream was asked for. */
  z.strictObject({
    kind: z.literal('error-document'),
    status: z.int().min(400).max(599).default(500),
    code: vendorCode,
    message: z.string().optional(),
  }),
  /** A web page of somebody in between: a proxy, or a network that wants people to sign in. */
  z.strictObject({
    kind: z.literal('html-page'),
    status: z.int().min(200).max(599).default(502),
    title: z.string().default('502 Bad Gateway'),
  }),
  /** The vendor's error after HTTP 200; `status` picks its words where no code is given. */
  z.strictObject({
    kind: z.literal('error-in-stream'),
    afterChunks,
    status: z.int().min(400).max(599).optional(),
    code: vendorCode,
    message: z.string().optional(),
  }),
  /** The connection is closed in the middle of the body, or reset. */
  z.strictObject({ kind: z.literal('cut'), afterChunks, reset: z.boolean().default(false) }),
  /** Nothing more is sent; the connection stays, and its closing is noticed. */
  z.strictObject({ kind: z.literal('silence'), afterChunks }),
  /** As silence, but the server does not read either: it never notices that the client left. */
  z.strictObject({ kind: z.literal('half-open'), afterChunks }),
  /** A proper end of the body without the vendor's finish and terminal events. */
  z.strictObject({
    kind: z.literal('polite-end'),
    afterChunks: z.int().min(-1).default(Number.MAX_SAFE_INTEGER),
  }),
  /** Headers come, a body never. */
  z.strictObject({ kind: z.literal('never-answers') }),
  /** Not even headers come. */
  z.strictObject({ kind: z.literal('hang-before-headers') }),
  /** One event of broken JSON between the others. */
  z.strictObject({ kind: z.literal('garbage'), afterChunks }),
  /** Writes pieces of a few bytes, so that events and characters are split anywhere. */
  z.strictObject({ kind: z.literal('split-utf8'), bytes: z.int().positive().default(5) }),
  /** Lines of server-sent events end with CR LF. */
  z.strictObject({ kind: z.literal('crlf') }),
  /** SSE comments between all events. */
  z.strictObject({ kind: z.literal('comments') }),
  z.strictObject({ kind: z.literal('slow'), paceMs: z.number().nonnegative().default(250) }),
]);
export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault['kind'];

/** A fault as a test writes it: an object with defaults left out, or its kind alone. */
export const faultInputSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { kind: value } : value),
  faultSchema,
);
export type FaultInput = FaultKind | z.input<typeof faultSchema>;
