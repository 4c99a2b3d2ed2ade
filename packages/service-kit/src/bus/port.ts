import type {
  Caller,
  EventContract,
  FactOf,
  PartOf,
  ReplyOf,
  RequestContract,
  RequestOf,
  StateContract,
  StreamContract,
  SubjectTokens,
  ValueOf,
} from '@mosaic/proto';
import type { z } from 'zod';

/** A caller together with the gateway's signature; only the kit makes or checks the token. */
export interface SignedCaller extends Caller {
  readonly token: string;
}

export interface CallOptions {
  /** On whose behalf; left out for contracts that a service may call on its own account. */
  readonly caller?: SignedCaller;
  /** Longest wait in milliseconds: 5,000 for requests, 600,000 for streams when not given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** W3C `traceparent` of the work this call belongs to; a new one is made when absent. */
  readonly trace?: string;
  /** Values for the `{name}` tokens of the subject. */
  readonly tokens?: SubjectTokens;
}

/** What a handler knows about the message it handles. */
export interface Received {
  /** Verified; role `service` when the contract needs no person. */
  readonly caller: SignedCaller;
  readonly tokens: SubjectTokens;
  readonly trace: string;
  /** Aborts at the deadline, when the caller cancels or goes away, and when the service stops hard. */
  readonly signal: AbortSignal;
}

/** A fact read from a stream. */
export interface Delivery<Fact> extends Omit<Received, 'signal'> {
  readonly fact: Fact;
  /** Sequence in the stream (not the conversation's own `seq`). */
  readonly streamSeq: number;
  readonly deliveryCount: number;
}

/** A delivery that the consumer must settle; unsettled ones come again after `ackWaitMs`. */
export interface Settleable<Fact> extends Delivery<Fact> {
  /** Aborts when the consumer is told to stop at once. */
  readonly signal: AbortSignal;
  ack(): void;
  /** Comes again after `delayMs`. */
  retryLater(delayMs: number): void;
  /** Still working: restarts the wait of the server. */
  heartbeat(): void;
  /** Never again: the message can't be handled whatever happens. */
  discard(reason: string): void;
}

export interface PublishOptions {
  readonly tokens: SubjectTokens;
  readonly caller?: SignedCaller;
  readonly trace?: string;
  /** Stored once within the stream's window, however often it is sent. */
  readonly messageId?: string;
  /**
   * Fencing: the stream sequence that must be the last on this subject (0 = none yet). The server
   * refuses the append otherwise and `publish` throws `conflict`.
   */
  readonly expectedLastSeq?: number;
}

export interface ConsumeOptions {
  /** Name of the durable consumer; replicas that share it share the work. */
  readonly durable: string;
  readonly concurrency: number;
  readonly ackWaitMs: number;
  readonly maxDeliver?: number;
  /** Only these tokens of the subject. */
  readonly tokens?: SubjectTokens;
  /** Where a new durable begins: everything stored, or only what comes. */
  readonly from?: 'start' | 'now';
}

export interface ReadOptions {
  readonly tokens: SubjectTokens;
  /** Begin behind this stream sequence (0 = from the start). */
  readonly afterStreamSeq?: number;
  /** True: end when everything stored at the time of the call was read. False: go on with news. */
  readonly untilCaughtUp: boolean;
  readonly signal?: AbortSignal;
}

/** A thing that can be stopped; resolves when nothing of it runs any more. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** A lease that one holder at a time has; `lost` aborts when it could not be renewed in time. */
export interface Lease {
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Hears the entries of shared state. */
export interface StateListener<Value> {
  /** An entry is there or was written; undefined when it is gone. Expiry is told late or never. */
  changed(key: string, value: Value | undefined): void;
  /** Everything that was there has been told; again after each lost connection. */
  caughtUp?(): void;
}

export interface RunningInstance {
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The only way from one service to another. Callers see types, never subjects or bytes; every
 * message is checked against its contract on both ends.
 */
export interface Bus {
  readonly principal: string;
  /** One question, one answer. Throws MosaicError. */
  call<C extends RequestContract>(
    contract: C,
    request: z.input<C['request']>,
    options?: CallOptions,
  ): Promise<ReplyOf<C>>;
  /** One question, many parts. Never throws once started: failures arrive as the terminal part. */
  stream<C extends StreamContract>(
    contract: C,
    request: z.input<C['request']>,
    options?: CallOptions,
  ): AsyncIterable<PartOf<C>>;
  /** Answers a request contract that this principal serves. */
  handle<C extends RequestContract>(
    contract: C,
    handler: (request: RequestOf<C>, received: Received) => Promise<z.input<C['reply']>>,
  ): void;
  /** Answers a stream contract; the generator must end with exactly one terminal part. */
  handleStream<C extends StreamContract>(
    contract: C,
    handler: (request: RequestOf<C>, received: Received) => AsyncIterable<PartOf<C>>,
  ): void;
  /** Publishes a fact; for stored facts resolves with the stream sequence after the stream's ack. */
  publish<E extends EventContract>(
    event: E,
    fact: z.input<E['fact']>,
    options: PublishOptions,
  ): Promise<{ readonly streamSeq: number; readonly isDuplicate: boolean }>;
  /** Publishes without waiting for storage: for deltas, whose loss is harmless. */
  publishLive<E extends EventContract>(
    event: E,
    fact: z.input<E['fact']>,
    options: Pick<PublishOptions, 'tokens' | 'caller' | 'trace'>,
  ): void;
  /** Hears facts live, without storage or redelivery; every instance hears each one. */
  subscribe<E extends EventContract>(
    event: E,
    listener: (fact: FactOf<E>, received: Omit<Received, 'signal'>) => void,
    options?: { readonly tokens?: SubjectTokens },
  ): Stoppable;
  /** Works through a stream with others; each delivery must be settled by the handler. */
  consume<E extends EventContract>(
    event: E,
    handler: (delivery: Settleable<FactOf<E>>) => Promise<void>,
    options: ConsumeOptions,
  ): Promise<Stoppable>;
  /** Reads stored facts in order, for replay; acknowledges nothing. */
  read<E extends EventContract>(event: E, options: ReadOptions): AsyncIterable<Delivery<FactOf<E>>>;
  /** The last stored fact on one exact subject, or undefined. */
  lastOf<E extends EventContract>(
    event: E,
    tokens: SubjectTokens,
  ): Promise<Delivery<FactOf<E>> | undefined>;
  /** The oldest fact still stored on one exact subject, behind `afterStreamSeq`, or undefined. */
  firstOf<E extends EventContract>(
    event: E,
    tokens: SubjectTokens,
    afterStreamSeq?: number,
  ): Promise<Delivery<FactOf<E>> | undefined>;
  /** Removes the stored facts of one subject for good, except the newest `keep`; answers how many. */
  purge(event: EventContract, tokens: SubjectTokens, keep: number): Promise<number>;
  /** Removes all stored facts of one user (`{userId}` of the subject) for good; answers how many. */
  purgeUser(event: EventContract, userId: string): Promise<number>;
  /** Makes sure that a bridge's durable consumer exists (only who may read the stream can). */
  ensureConsumer(
    event: EventContract,
    options: {
      readonly durable: string;
      readonly tokens: SubjectTokens;
      readonly ackWaitMs: number;
    },
  ): Promise<void>;
  /** Takes the lease of `key`, or undefined when another holder has it. */
  tryLease(bucket: string, key: string): Promise<Lease | undefined>;
  /** Writes an entry of shared state over the one before. Throws MosaicError. */
  putState<S extends StateContract>(
    state: S,
    entry: { readonly key: string; readonly value: z.input<S['value']> },
  ): Promise<void>;
  /** Removes an entry of shared state, there or not. Throws MosaicError. */
  removeState(state: StateContract, key: string): Promise<void>;
  /**
   * Hears what shared state there is and each change, one's own included, through restarts of the
   * server. Where it can't be read it is tried again for ever, and said in the log.
   */
  watchState<S extends StateContract>(state: S, listener: StateListener<ValueOf<S>>): Stoppable;
  /** Every service instance that answers now (NATS service API), within `waitMs`. */
  discover(waitMs: number): Promise<readonly RunningInstance[]>;
  /** Contracts that have a handler, for the check at the start. */
  readonly handled: readonly (RequestContract | StreamContract)[];
  /** Resolves when the server knows everything sent until now, new handlers included. */
  flush(): Promise<void>;
  readonly isConnected: boolean;
  /** Messages being handled now. */
  readonly inFlight: number;
  /** Stops taking new work, lets running work finish (at most `graceMs`), then closes. Loses nothing. */
  drain(graceMs?: number): Promise<void>;
}
