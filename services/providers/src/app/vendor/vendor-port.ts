import type {
  CompletionPart,
  cardQuirks,
  Effort,
  ErrorCode,
  ModelCard,
  OutputFormat,
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
  /** True where a code that speaks of keys is about the asked model alone. */
  readonly isOfModel?: boolean;
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

/**
 * How a model is told how much to think: by the name of an effort out of its own list, by a budget of
 * tokens for each effort (0 = don't think), or by a switch that is on for every effort but `none`.
 */
export type ReasoningControl =
  | { readonly how: 'effort'; readonly efforts: readonly Effort[] }
  | { readonly how: 'budget'; readonly tokens: Readonly<Record<Effort, number>> }
  | { readonly how: 'switch' };

export interface Sampling {
  /** True when they are taken also while the model thinks. */
  readonly whileReasoning: boolean;
  /** True when both may be set in one request. */
  readonly together: boolean;
}

/**
 * What a model does otherwise than the rest of its vendor's: it refuses to be made to call a tool, it
 * thinks when nobody says how much, its thoughts are refused behind another beginning.
 */
export type Quirk = (typeof cardQuirks)[number];

/** A model card as we write it down; the live fields of `ModelCard` come from the catalogue. */
export interface VendorCard
  extends Pick<
    ModelCard,
    'model' | 'name' | 'contextTokens' | 'maxOutputTokens' | 'capabilities' | 'price'
  > {
  /** How the model hears how much to think; null when it has no such setting. */
  readonly reasoning: ReasoningControl | null;
  /** When the model takes temperature and top_p; null when never. */
  readonly sampling: Sampling | null;
  /** Smallest beginning in tokens that is cached when it is marked; null when marks are not taken. */
  readonly cacheFromTokens: number | null;
  readonly quirks?: readonly Quirk[];
}

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** The parameters that a vendor takes; null, 0 and false mean that it refuses them. */
export interface ParameterRules {
  readonly temperature: Range | null;
  readonly topP: Range | null;
  readonly mostStops: number;
  /** True when a stop sequence may be nothing but white space. */
  readonly takesBlankStops: boolean;
  readonly takesSeed: boolean;
  readonly takesPenalties: boolean;
  /** True when parallel tool calls can be switched off. */
  readonly takesParallelSwitch: boolean;
}

/** Which files a vendor reads itself. The words of a text file can always be sent as words. */
export interface FileRules {
  readonly pdf: 'always' | 'with-vision' | 'never';
  /** Other media types, or the beginnings of some, e.g. `text/`. */
  readonly others: readonly string[];
}

/** How a vendor holds an answer to a schema: with a promise, as well as it can, or not at all. */
export type SchemaSupport = 'promised' | 'loose' | 'refused';

/** What a vendor accepts, whatever the model. */
export interface VendorRules {
  readonly callIdMaxLength: number;
  /** True when two turns of one role in a row are refused. */
  readonly needsAlternatingRoles: boolean;
  /** True when a history with tool calls is refused without tools. */
  readonly needsToolsForCalls: boolean;
  readonly toolChoices: 'every' | 'auto-or-none';
  /** False when a model that must call a tool can't think before it does. */
  readonly thinksWhenForced: boolean;
  readonly parameters: ParameterRules;
  readonly takesJsonFormat: boolean;
  readonly supportOfSchema: (schema: Readonly<Record<string, unknown>>) => SchemaSupport;
  readonly files: FileRules;
  /** For a model that can reason and has no card of ours; null when nothing safe is known. */
  readonly defaultReasoning: ReasoningControl | null;
  /** The limit for a model whose own is unknown; null where a request needs none. */
  readonly defaultMaxOutputTokens: number | null;
  readonly leastOutputTokens: number;
  /** True when the vendor refuses a limit that the context has no room for. */
  readonly mustOutputFit: boolean;
}

/** One model call, ready for a vendor: history cleaned, options reduced to what the model takes. */
export interface VendorRequest {
  readonly model: string;
  readonly card: VendorCard;
  readonly system: string | null;
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolSpec[];
  readonly toolChoice: CompletionRequest['toolChoice'];
  readonly parallelToolCalls: boolean | undefined;
  readonly outputFormat: OutputFormat | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  /** Empty when there are none. */
  readonly stop: readonly string[];
  readonly seed: number | undefined;
  readonly presencePenalty: number | undefined;
  readonly frequencyPenalty: number | undefined;
  readonly maxOutputTokens: number | undefined;
  /** False when the limit is only there because the vendor wants one. */
  readonly isLimitAsked: boolean;
  /** One that the card takes; undefined leaves it to the model. */
  readonly effort: Effort | undefined;
  /** Tokens to think with; set when the card asks for a budget and the effort is not `none`. */
  readonly thinkingTokens: number | undefined;
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
