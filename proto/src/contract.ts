import type { z } from 'zod';
import type { Failure } from './errors.ts';

/** Every process that holds a bus credential of its own. A bridge's name is `bridge-<channelId>`. */
export const serviceNames = ['gateway', 'router', 'agents', 'providers', 'memory', 'jobs'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A caller of the bus: one of our services, or any bridge (each within its own channel only). */
export type Principal = ServiceName | 'bridge';

/** Major version of the whole catalogue; part of every subject (`mosaic.v1.…`). */
export const contractMajor = 1;
export const subjectPrefix = `mosaic.v${contractMajor}`;

/** Who must stand behind a request: a person, an administrator, or a service on its own account. */
export type CallerNeed = 'user' | 'admin' | 'service';

interface ContractBase {
  /** Subject below the prefix; `{name}` marks one token that varies. */
  readonly subject: string;
  /** One sentence for the documentation. */
  readonly summary: string;
}

/** One question, one answer. */
export interface RequestContract<
  Request extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> extends ContractBase {
  readonly kind: 'request';
  readonly request: Request;
  readonly reply: Reply;
  readonly servedBy: ServiceName;
  readonly calledBy: readonly Principal[];
  readonly caller: CallerNeed;
}

/** One question, many parts in order, of which exactly the last is terminal. */
export interface StreamContract<
  Request extends z.ZodType = z.ZodType,
  Part extends z.ZodType = z.ZodType,
> extends ContractBase {
  readonly kind: 'stream';
  readonly request: Request;
  readonly part: Part;
  /** True for the part after which nothing follows. */
  readonly isTerminal: (part: z.infer<Part>) => boolean;
  /**
   * Makes the terminal part for a failure of the way itself (service gone, deadline, cancelled), so
   * that a started stream never throws and its reader has one code path.
   */
  readonly failedPart: (failure: Failure, hasParts: boolean) => z.infer<Part>;
  readonly servedBy: ServiceName;
  readonly calledBy: readonly Principal[];
  readonly caller: CallerNeed;
}

/** A fact that somebody publishes and anybody allowed may hear. */
export interface EventContract<Fact extends z.ZodType = z.ZodType> extends ContractBase {
  readonly kind: 'event';
  readonly fact: Fact;
  readonly publishedBy: readonly Principal[];
  readonly consumedBy: readonly Principal[];
  /** The JetStream stream that keeps the fact, or null for a fact that is only heard live. */
  readonly stream: string | null;
}

/**
 * Shared state: entries of a key-value bucket that every replica of the services that use it sees
 * within milliseconds. For what may be lost without harm: an entry's end of life is not announced, so
 * a value says itself until when it holds.
 */
export interface StateContract<Value extends z.ZodType = z.ZodType> {
  readonly bucket: string;
  /** One sentence for the documentation. */
  readonly summary: string;
  readonly value: Value;
  readonly usedBy: readonly ServiceName[];
  /** Life of an entry that nobody writes again, in seconds. */
  readonly ttlS: number;
}

export type Contract = RequestContract | StreamContract | EventContract;

export type RequestOf<C extends RequestContract | StreamContract> = z.infer<C['request']>;
export type ReplyOf<C extends RequestContract> = z.infer<C['reply']>;
export type PartOf<C extends StreamContract> = z.infer<C['part']>;
export type FactOf<C extends EventContract> = z.infer<C['fact']>;
export type ValueOf<S extends StateContract> = z.infer<S['value']>;

/** Declares a request; the frozen value is the contract that both sides import. */
export function defineRequest<Request extends z.ZodType, Reply extends z.ZodType>(
  contract: Omit<RequestContract<Request, Reply>, 'kind'>,
): RequestContract<Request, Reply> {
  return Object.freeze({ kind: 'request', ...contract });
}

/** Declares a stream of parts answered to one request. */
export function defineStream<Request extends z.ZodType, Part extends z.ZodType>(
  contract: Omit<StreamContract<Request, Part>, 'kind'>,
): StreamContract<Request, Part> {
  return Object.freeze({ kind: 'stream', ...contract });
}

/** Declares an event. */
export function defineEvent<Fact extends z.ZodType>(
  contract: Omit<EventContract<Fact>, 'kind'>,
): EventContract<Fact> {
  return Object.freeze({ kind: 'event', ...contract });
}

/** Declares shared state. */
export function defineState<Value extends z.ZodType>(
  contract: StateContract<Value>,
): StateContract<Value> {
  return Object.freeze({ ...contract });
}
