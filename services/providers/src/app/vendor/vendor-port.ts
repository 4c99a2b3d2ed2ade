import type {
  CompletionPart,
  ErrorCode,
  ModelCard,
  ProviderName,
  RequestOf,
  StopReason,
  streamCompletion,
  ToolSpec,
  Turn,
  Usage,
} from '@mosaic/proto';

export type CompletionRequest = RequestOf<typeof streamCompletion>;

/** Parts that carry the answer itself; passed on to the caller as they are. */
export type ContentPart = Extract<
  CompletionPart,
  { type: 'text' | 'reasoning' | 'tool-call-start' | 'tool-call-delta' | 'tool-call' | 'warning' }
>;

/** What went wrong at a vendor, in the words of our catalogue. */
export interface VendorFault {
  readonly code: ErrorCode;
  /** For people; the vendor's own sentence when it gave one. */
  readonly message: string;
  /** How long the vendor asks to wait, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null;
}

/** A stop reason with the vendor's own word for it. */
export interface Stop {
  readonly unified: StopReason;
  readonly raw: string | null;
}

/** Who answers, as the vendor names it. */
export interface Answering {
  readonly type: 'answering';
  readonly model: string;
  /** Who runs the model, where the vendor only routes to it. */
  readonly upstream?: string;
  /** The vendor's own id of the answer. */
  readonly answerId?: string;
}

/**
 * What a translation makes of a vendor's stream: content, facts beside it, and exactly one last part,
 * `finished` or `failed`. `usage` is cumulative: the newest one counts. `progress` says that the
 * vendor sent something without content; pings and comments are not even that. `stopping` says that
 * the model has finished and only usage may follow.
 */
export type VendorPart =
  | ContentPart
  | { readonly type: 'progress' }
  | { readonly type: 'stopping' }
  | Answering
  | { readonly type: 'usage'; readonly usage: Usage; readonly costUsd: number | null }
  | { readonly type: 'finished'; readonly stop: Stop }
  | { readonly type: 'failed'; readonly fault: VendorFault };

/** A pure state machine: one vendor event in, zero or more parts out; `end` decides at end of file. */
export interface Translation<VendorEvent> {
  /** Undefined for an event that only keeps the connection open: it is no progress. */
  next(event: VendorEvent): readonly VendorPart[] | undefined;
  /** True when the vendor has said why the model stopped. */
  readonly hasFinish: boolean;
  end(): readonly VendorPart[];
}

/** A model card as we write it down; the live fields of `ModelCard` come from the catalogue. */
export interface VendorCard
  extends Pick<
    ModelCard,
    'model' | 'name' | 'contextTokens' | 'maxOutputTokens' | 'capabilities' | 'price'
  > {
  /** True when the vendor accepts a reasoning effort for this model. */
  readonly acceptsEffort: boolean;
  /** False when the vendor refuses a temperature for this model. */
  readonly acceptsTemperature: boolean;
}

/** What a vendor accepts, whatever the model. */
export interface VendorRules {
  /** False when the vendor refuses a temperature for every model. */
  readonly takesTemperature: boolean;
  readonly callIdMaxLength: number;
  /** True when two turns of one role in a row are refused. */
  readonly needsAlternatingRoles: boolean;
}

/** One model call, ready for a vendor: history cleaned, options reduced to what the model takes. */
export interface VendorRequest {
  readonly model: string;
  readonly card: VendorCard;
  readonly system: string | null;
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolSpec[];
  readonly toolChoice: CompletionRequest['toolChoice'];
  readonly temperature: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly effort: CompletionRequest['effort'];
  readonly conversationId: string | undefined;
  /** True when the same beginning will be sent again soon, so that writing it to a cache pays. */
  readonly isPrefixReused: boolean;
}

/** What a vendor's list says about one model; null where it says nothing. */
export interface ListedModel {
  readonly model: string;
  readonly name: string | null;
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly capabilities: ModelCard['capabilities'] | null;
  readonly price: ModelCard['price'];
  /** The day from which the vendor answers for it no more; left out when none is announced. */
  readonly endsOn?: string;
}

/** One vendor, as the rest of the service sees it. */
export interface Vendor {
  readonly name: ProviderName;
  readonly rules: VendorRules;
  readonly cards: readonly VendorCard[];
  /** True when a model that the live list lacks can't be used (a local server's list is complete). */
  readonly isListComplete: boolean;
  /** Streams one call. Aborting the signal closes the socket. May throw; `toFault` explains it. */
  ask(request: VendorRequest, signal: AbortSignal): AsyncIterable<VendorPart>;
  listModels(signal: AbortSignal): Promise<readonly ListedModel[]>;
  toFault(thrown: unknown): VendorFault;
}

export interface EmbedRequest {
  readonly model: string;
  readonly texts: readonly string[];
  readonly signal: AbortSignal;
}

export interface Embedded {
  readonly vectors: readonly number[][];
  /** Places of the texts of which only the beginning was read. */
  readonly cut: readonly number[];
}

/** Turns texts into vectors, one per text, in order. */
export interface Embedder {
  embed(request: EmbedRequest): Promise<Embedded>;
}

/** Time and timers, so that deadlines can be tested without waiting. */
export interface Timers {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after `delayMs`; the returned function calls it off. */
  after(delayMs: number, run: () => void): () => void;
  /** A number in [0, 1) for jitter. */
  random(): number;
}
