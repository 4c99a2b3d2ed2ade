import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Bus } from '../bus/port.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** Raw environment of a process. `NAME_FILE` gives the value of `NAME` from a file. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting: the variable it comes from, its schema (strings in), and an example for the error. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly env: string;
  readonly schema: Schema;
  readonly example: string;
  /** Never shown in errors or logs. */
  readonly isSecret?: boolean;
}
export type Settings = Readonly<Record<string, Setting>>;
export type ConfigOf<S extends Settings> = { readonly [Key in keyof S]: z.infer<S[Key]['schema']> };

/** Time, as services see it; tests give their own. */
export interface Clock {
  now(): number;
}

/** One condition of readiness, asked by `/readyz`. */
export interface ReadinessCheck {
  readonly name: string;
  check(): Promise<boolean>;
  /** What is not as it should be although the service can work, shown on `/readyz`. */
  detail?(): string | undefined;
}

/** What a service gets to work with. */
export interface ServiceContext<S extends Settings> {
  readonly config: ConfigOf<S>;
  readonly bus: Bus;
  readonly log: Logger;
  readonly clock: Clock;
  /** Registry for the service's own measurements, and its text for a page of its own. */
  readonly metrics: ServiceMetrics;
  /** Names of the readiness checks that do not hold; for a page of its own. */
  notReady(): Promise<readonly string[]>;
  /** Adds a condition to `/readyz`. */
  addReadiness(check: ReadinessCheck): void;
  /** Runs after the bus drained, last added first: close databases, queues, servers. */
  onStop(stop: () => Promise<void>): void;
  /** Runs before the bus drains, first added first: stop taking work from outside (HTTP, sockets). */
  onDrain(drain: () => Promise<void>): void;
}

/** A service as a value: `main.ts` runs it alone, the launcher runs all of them in one process. */
export interface ServiceDefinition<S extends Settings = Settings> {
  readonly name: string;
  readonly settings: S;
  start(context: ServiceContext<S>): Promise<void>;
}

export interface RunningService {
  readonly name: string;
  /** Names of the checks that do not hold; empty when ready. */
  notReady(): Promise<readonly string[]>;
  stop(): Promise<void>;
}
