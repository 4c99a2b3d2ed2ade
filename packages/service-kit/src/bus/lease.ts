import { MosaicError } from '@mosaic/proto';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { askOnce } from './events/ask-server.ts';
import { type EventCore, eventError } from './events/event-core.ts';
import type { Lease } from './port.ts';

interface OpenBucket {
  readonly entries: KV;
  readonly ttlMs: number;
}

/** Leases by entries of a bucket that expire when nobody renews them. */
export class Leases {
  readonly #core: EventCore;
  readonly #buckets = new Map<string, Promise<OpenBucket>>();
  readonly #held = new Set<Lease>();

  constructor(core: EventCore) {
    this.#core = core;
  }

  /** Gives everything back, so that others need not wait until it expires. */
  async releaseAll(): Promise<void> {
    await Promise.all([...this.#held].map((lease) => lease.release()));
  }

  /** The lease, or undefined when another holder has it. Throws MosaicError when nobody can know. */
  async tryTake(bucket: string, key: string): Promise<Lease | undefined> {
    try {
      const { entries, ttlMs } = await this.#open(bucket);
      let takenAt = performance.now();
      const revision = await askOnce(this.#core, () => {
        takenAt = performance.now();
        return entries.create(key, this.#core.principal);
      });
      const lease: Lease = new HeldLease(this.#core, {
        entries,
        ttlMs,
        key,
        takenAt,
        revision,
        onEnd: () => this.#held.delete(lease),
      });
      this.#held.add(lease);
      return lease;
    } catch (thrown) {
      if (isTaken(thrown)) return undefined;
      throw eventError(thrown);
    }
  }

  #open(bucket: string): Promise<OpenBucket> {
    const known = this.#buckets.get(bucket);
    if (known !== undefined) return known;
    const opening = this.#openNew(bucket);
    this.#buckets.set(bucket, opening);
    opening.catch(() => this.#buckets.delete(bucket));
    return opening;
  }

  async #openNew(bucket: string): Promise<OpenBucket> {
    const entries = await new Kvm(this.#core.jetstream).open(bucket);
    const { ttl } = await entries.status();
    if (ttl <= 0) {
      throw new MosaicError('bad_configuration', `Entries of bucket ${bucket} never expire.`);
    }
    return { entries, ttlMs: ttl };
  }
}

function isTaken(thrown: unknown): boolean {
  return (
    thrown instanceof JetStreamApiError &&
    (thrown.code === JetStreamApiCodes.StreamWrongLastSequence ||
      thrown.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown)
  );
}

interface Held extends OpenBucket {
  readonly key: string;
  /** Before the entry was asked for: the server can't have written it earlier. */
  readonly takenAt: number;
  readonly revision: number;
  readonly onEnd: () => void;
}

class HeldLease implements Lease {
  readonly #core: EventCore;
  readonly #held: Held;
  readonly #lost = new AbortController();
  readonly #renewal: NodeJS.Timeout;
  #expiry: NodeJS.Timeout;
  #revision: number;
  #isReleased = false;
  #renewing: Promise<void> | undefined;

  constructor(core: EventCore, held: Held) {
    this.#core = core;
    this.#held = held;
    this.#revision = held.revision;
    this.#expiry = this.#expireAfter(held.takenAt);
    this.#renewal = setInterval(() => {
      this.#renewing ??= this.#renew().finally(() => {
        this.#renewing = undefined;
      });
    }, held.ttlMs / 3);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#stop();
    await this.#renewing;
    if (this.#lost.signal.aborted) return;
    try {
      await this.#held.entries.delete(this.#held.key, { previousSeq: this.#revision });
    } catch (thrown) {
      // It ends by itself: nobody renews it.
      this.#core.log.debug({ err: thrown, key: this.#held.key }, 'A lease was not released.');
    }
  }

  async #renew(): Promise<void> {
    const { entries, key, ttlMs } = this.#held;
    const startedAt = performance.now();
    try {
      const value = this.#core.principal;
      this.#revision = await entries.update(key, value, this.#revision, ttlMs / 3);
      if (this.#isReleased) return;
      clearTimeout(this.#expiry);
      this.#expiry = this.#expireAfter(startedAt);
    } catch (thrown) {
      this.#core.log.warn({ err: thrown, key }, 'A lease could not be renewed.');
      if (isTaken(thrown)) this.#lose('Another holder has the lease, or it had expired.');
    }
  }

  /** The bucket counts from the entry's writing, which is not before the request for it. */
  #expireAfter(writtenAt: number): NodeJS.Timeout {
    const leftMs = Math.max(0, writtenAt + this.#held.ttlMs - performance.now());
    return setTimeout(() => this.#lose('The lease was not renewed in time.'), leftMs);
  }

  #lose(why: string): void {
    this.#stop();
    this.#lost.abort(new MosaicError('conflict', why));
  }

  #stop(): void {
    clearInterval(this.#renewal);
    clearTimeout(this.#expiry);
    this.#held.onEnd();
  }
}
