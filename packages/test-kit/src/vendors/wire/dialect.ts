import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';
import type { JsonRecord } from './loose-json.ts';
import type { SeenRequest } from './seen-request.ts';
import type { VendorName } from './vendor-name.ts';

/**
 * One write of a streamed answer: an event or a line, with its end of line.
 * Faults count `content` chunks, keep `opening` ones, and leave `finish` ones out when they end a
 * stream early; `frame` chunks open and close blocks.
 */
export interface WireChunk {
  readonly part: 'opening' | 'content' | 'frame' | 'finish';
  readonly text: string;
}

/** A whole answer, before any fault. A unary answer is one `content` chunk. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly WireChunk[];
}

/** What a vendor can refuse; each dialect writes it in the vendor's words. */
export type Failure =
  | { readonly kind: 'missing-key' }
  | { readonly kind: 'bad-key'; readonly key: string }
  | { readonly kind: 'unknown-model'; readonly model: string }
  | { readonly kind: 'unknown-path'; readonly method: string; readonly path: string }
  | { readonly kind: 'invalid-request'; readonly message: string; readonly field?: string }
  | { readonly kind: 'unanswered-calls'; readonly callIds: readonly string[] }
  | StatusFailure;

/** A failure a test asks for; `code` is the vendor's own word or number for it. */
export interface StatusFailure {
  readonly kind: 'status';
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
}

export interface FailureContext {
  /** 32 hexadecimal digits, new for each request. */
  readonly id: string;
  readonly model: string;
}

/** Everything a writer needs to put one answer on the wire. */
export interface Exchange extends FailureContext {
  readonly request: SeenRequest;
  readonly answer: Answer;
  readonly createdAt: Date;
}

/** An endpoint that makes a model answer. */
export interface CompletionEndpoint {
  readonly purpose: 'completion';
  readonly method: 'POST';
  readonly path: string;
  read(body: JsonRecord, headers: IncomingHttpHeaders): SeenRequest | Failure;
  write(exchange: Exchange): WireAnswer;
  /** An error after HTTP 200; `chunksSent` counts the chunks already on the wire. */
  writeStreamFailure(
    failure: StatusFailure,
    exchange: Exchange,
    chunksSent: number,
  ): readonly WireChunk[];
}

/** An endpoint that answers without a model: lists, versions, embeddings. */
export interface PlainEndpoint {
  readonly purpose: 'models' | 'embed' | 'other';
  readonly method: 'GET' | 'POST' | 'HEAD';
  readonly path: string | RegExp;
  /** Whether it looks at the key; when absent all do but those for other purposes. */
  readonly needsKey?: boolean;
  answer(asked: { readonly url: URL; readonly body: JsonRecord }): WireAnswer | Failure;
}

export type Endpoint = CompletionEndpoint | PlainEndpoint;

/** How one vendor speaks. All functions are pure. */
export interface Dialect {
  readonly vendor: VendorName;
  readonly prefix: string;
  readonly endpoints: readonly Endpoint[];
  /** The key a request carries; undefined when it carries none, null when the vendor needs none. */
  readKey(headers: IncomingHttpHeaders): string | undefined | null;
  knowsModel(model: string): boolean;
  writeFailure(failure: Failure, context: FailureContext): WireAnswer;
}

export function isFailure(value: object): value is Failure {
  return 'kind' in value;
}
