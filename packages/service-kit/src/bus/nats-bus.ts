import {
  type EventContract,
  type FactOf,
  MosaicError,
  type PartOf,
  type ReplyOf,
  type RequestContract,
  type StateContract,
  type StreamContract,
  type SubjectTokens,
  type ValueOf,
} from '@mosaic/proto';
import type { z } from 'zod';
import { drainBus } from './connection/drain-bus.ts';
import { Sweeper } from './connection/sweeper.ts';
import { consume } from './events/consume.ts';
import { ensureConsumer } from './events/ensure-consumer.ts';
import type { EventCore } from './events/event-core.ts';
import { type Published, publish, publishLive } from './events/publish.ts';
import { readLog } from './events/read-log.ts';
import { firstOf, lastOf, purge, purgeUser } from './events/stored-facts.ts';
import { subscribe } from './events/subscribe.ts';
import { Leases } from './lease.ts';
import type {
  Bus,
  CallOptions,
  ConsumeOptions,
  Delivery,
  Lease,
  PublishOptions,
  ReadOptions,
  Received,
  RunningInstance,
  Settleable,
  StateListener,
  Stoppable,
} from './port.ts';
import { call } from './requests/call.ts';
import { type RequestHandler, serve } from './requests/serve.ts';
import type { Endpoint, ServedContract } from './requests/serving.ts';
import { readStream } from './requests/stream-reader.ts';
import { type StreamEndpoint, type StreamHandler, serveStream } from './requests/stream-server.ts';
import { answerDiscovery, discover, type Instance } from './service-api.ts';
import { type Entry, SharedStates } from './shared-state.ts';

/** The bus over NATS: hands every method to the file that knows it. */
export class NatsBus implements Bus {
  readonly principal: string;
  readonly #core: EventCore;
  readonly #endpoints = new Map<string, Endpoint | StreamEndpoint>();
  readonly #stoppables = new Set<Stoppable>();
  readonly #sweeper: Sweeper;
  readonly #leases: Leases;
  readonly #states: SharedStates;
  #draining: Promise<void> | undefined;

  constructor(core: EventCore, identity: Pick<Instance, 'id' | 'version' | 'metadata'>) {
    const { heartbeatMs, aliveMs, silenceMs } = core.timings;
    this.#core = core;
    this.principal = core.principal;
    this.#sweeper = new Sweeper(Math.max(20, Math.min(heartbeatMs, aliveMs, silenceMs) / 3));
    this.#leases = new Leases(core);
    this.#states = new SharedStates(core);
    answerDiscovery(core, {
      ...identity,
      name: core.principal,
      startedAt: new Date(),
      endpoints: () => [...this.#endpoints.values()],
    });
  }

  get isConnected(): boolean {
    return this.#core.watch.isConnected;
  }

  get inFlight(): number {
    return this.#core.work.inFlight;
  }

  get handled(): readonly ServedContract[] {
    return [...this.#endpoints.values()].map((one) => one.contract);
  }

  call<C extends RequestContract>(
    contract: C,
    request: z.input<C['request']>,
    options: CallOptions = {},
  ): Promise<ReplyOf<C>> {
    return call(this.#core, { contract, request, options });
  }

  stream<C extends StreamContract>(
    contract: C,
    request: z.input<C['request']>,
    options: CallOptions = {},
  ): AsyncIterable<PartOf<C>> {
    return readStream(this.#core, { contract, request, options, sweeper: this.#sweeper });
  }

  handle<C extends RequestContract>(contract: C, handler: RequestHandler<C>): void {
    this.#assertMayHandle(contract);
    this.#endpoints.set(contract.subject, serve(this.#core, contract, handler));
  }

  handleStream<C extends StreamContract>(contract: C, handler: StreamHandler<C>): void {
    this.#assertMayHandle(contract);
    const sweeper = this.#sweeper;
    this.#endpoints.set(contract.subject, serveStream(this.#core, { contract, handler, sweeper }));
  }

  publish<E extends EventContract>(
    event: E,
    fact: z.input<E['fact']>,
    options: PublishOptions,
  ): Promise<Published> {
    return publish(this.#core, { event, fact, options });
  }

  publishLive<E extends EventContract>(
    event: E,
    fact: z.input<E['fact']>,
    options: Pick<PublishOptions, 'tokens' | 'caller' | 'trace'>,
  ): void {
    publishLive(this.#core, { event, fact, options });
  }

  subscribe<E extends EventContract>(
    event: E,
    listener: (fact: FactOf<E>, received: Omit<Received, 'signal'>) => void,
    options: { readonly tokens?: SubjectTokens } = {},
  ): Stoppable {
    return this.#stopAtDrain(subscribe(this.#core, { event, listener, tokens: options.tokens }));
  }

  async consume<E extends EventContract>(
    event: E,
    handler: (delivery: Settleable<FactOf<E>>) => Promise<void>,
    options: ConsumeOptions,
  ): Promise<Stoppable> {
    return this.#stopAtDrain(await consume(this.#core, { event, handler, options }));
  }

  read<E extends EventContract>(
    event: E,
    options: ReadOptions,
  ): AsyncIterable<Delivery<FactOf<E>>> {
    return readLog(this.#core, { event, options });
  }

  lastOf<E extends EventContract>(
    event: E,
    tokens: SubjectTokens,
  ): Promise<Delivery<FactOf<E>> | undefined> {
    return lastOf(this.#core, event, tokens);
  }

  firstOf<E extends EventContract>(
    event: E,
    tokens: SubjectTokens,
    afterStreamSeq = 0,
  ): Promise<Delivery<FactOf<E>> | undefined> {
    return firstOf(this.#core, event, { tokens, afterStreamSeq });
  }

  purge(event: EventContract, tokens: SubjectTokens, keep: number): Promise<number> {
    return purge(this.#core, event, { tokens, keep });
  }

  purgeUser(event: EventContract, userId: string): Promise<number> {
    return purgeUser(this.#core, event, userId);
  }

  ensureConsumer(
    event: EventContract,
    options: {
      readonly durable: string;
      readonly tokens: SubjectTokens;
      readonly ackWaitMs: number;
    },
  ): Promise<void> {
    return ensureConsumer(this.#core, { event, ...options });
  }

  tryLease(bucket: string, key: string): Promise<Lease | undefined> {
    return this.#leases.tryTake(bucket, key);
  }

  putState<S extends StateContract>(state: S, entry: Entry<S>): Promise<void> {
    return this.#states.put(state, entry);
  }

  removeState(state: StateContract, key: string): Promise<void> {
    return this.#states.remove(state, key);
  }

  watchState<S extends StateContract>(state: S, listener: StateListener<ValueOf<S>>): Stoppable {
    return this.#stopAtDrain(this.#states.watch(state, listener));
  }

  discover(waitMs: number): Promise<readonly RunningInstance[]> {
    return discover(this.#core, waitMs);
  }

  async flush(): Promise<void> {
    this.#core.outbox.flush();
    await this.#core.connection.flush();
  }

  drain(graceMs: number = this.#core.timings.drainMs): Promise<void> {
    this.#draining ??= drainBus(this.#core, {
      endpoints: [...this.#endpoints.values()],
      stoppables: [...this.#stoppables],
      leases: this.#leases,
      graceMs,
    });
    return this.#draining;
  }

  #stopAtDrain(given: Stoppable): Stoppable {
    const stoppable: Stoppable = {
      stop: async () => {
        this.#stoppables.delete(stoppable);
        await given.stop();
      },
    };
    this.#stoppables.add(stoppable);
    return stoppable;
  }

  #assertMayHandle(contract: ServedContract): void {
    if (contract.servedBy !== this.principal) {
      throw new MosaicError(
        'bad_configuration',
        `${contract.subject} is served by ${contract.servedBy}, not by ${this.principal}.`,
      );
    }
    if (this.#endpoints.has(contract.subject)) {
      throw new MosaicError(
        'bad_configuration',
        `${contract.subject} has a handler already: remove one of the two.`,
      );
    }
  }
}
