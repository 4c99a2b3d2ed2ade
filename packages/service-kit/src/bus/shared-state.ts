import { MosaicError, type StateContract, type ValueOf } from '@mosaic/proto';
import { type KV, Kvm } from '@nats-io/kv';
import type { z } from 'zod';
import { askServer } from './events/ask-server.ts';
import { type EventCore, eventError } from './events/event-core.ts';
import { checked, encoded } from './message/codec.ts';
import type { StateListener, Stoppable } from './port.ts';
import { StateReader } from './state-reader.ts';

export interface Entry<S extends StateContract> {
  readonly key: string;
  readonly value: z.input<S['value']>;
}

const safeKey = /^[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64}){0,3}$/;

/** Shared state by entries of buckets; every watcher hears each entry, its own ones included. */
export class SharedStates {
  readonly #core: EventCore;
  readonly #buckets = new Map<string, Promise<KV>>();

  constructor(core: EventCore) {
    this.#core = core;
  }

  /** Writes an entry over the one before. Throws MosaicError. */
  async put<S extends StateContract>(state: S, { key, value }: Entry<S>): Promise<void> {
    const body = checked<S['value']>(state.value, value, {
      what: `The entry for ${state.bucket}`,
      code: 'bad_request',
    });
    await this.#ask(state, key, (entries) => entries.put(key, encoded(body)));
  }

  /** Removes an entry, there or not. Throws MosaicError. */
  async remove(state: StateContract, key: string): Promise<void> {
    await this.#ask(state, key, (entries) => entries.delete(key));
  }

  /** Tells what is there and everything that changes, through restarts of the server. */
  watch<S extends StateContract>(state: S, listener: StateListener<ValueOf<S>>): Stoppable {
    const reader = new StateReader(this.#core, state, listener);
    void reader.run();
    return { stop: () => reader.stop() };
  }

  /** Both may be asked twice: an entry that is written or removed again is the same one. */
  async #ask(
    { bucket }: StateContract,
    key: string,
    ask: (entries: KV) => Promise<unknown>,
  ): Promise<void> {
    if (!safeKey.test(key)) throw new MosaicError('bad_request', `${key} is no key of ${bucket}.`);
    try {
      await askServer(this.#core, async () => ask(await this.#open(bucket)));
    } catch (thrown) {
      throw eventError(thrown);
    }
  }

  #open(bucket: string): Promise<KV> {
    const known = this.#buckets.get(bucket);
    if (known !== undefined) return known;
    const opening = new Kvm(this.#core.jetstream).open(bucket);
    this.#buckets.set(bucket, opening);
    opening.catch(() => this.#buckets.delete(bucket));
    return opening;
  }
}
