import type { ConversationEvent, LiveDelta } from '@mosaic/proto';

/** What a feed wants done, in order. */
export type FeedStep =
  | { readonly type: 'event'; readonly event: ConversationEvent }
  | { readonly type: 'delta'; readonly delta: LiveDelta }
  | { readonly type: 'live'; readonly head: number }
  /** Read the stored deltas of this conversation into `replayed`, then call `caughtUp`. */
  | { readonly type: 'catch-up' };

interface Run {
  /** Characters passed on so far, per step and kind. */
  readonly ends: Map<string, number>;
  catchUps: number;
}

const maxHeld = 4_096;
/** Deltas that stay missing after this many readings are lost; the final event has the whole text. */
const maxCatchUps = 3;

/**
 * Puts the log of a conversation and the deltas of its running turns into one order, without gap and
 * without repeat: events from the log, deltas from the bus as they are said and from the stream that
 * keeps them for a while. The two arrive by different ways, so a delta that comes before the event that
 * opens its run waits for it, and one that leaves a gap asks for a reading of the stored ones.
 */
export class ConversationFeed {
  readonly #after: number;
  readonly #head: number;
  readonly #open = new Map<string, Run>();
  readonly #ended = new Set<string>();
  #lastSeq = 0;
  #isLive = false;
  #isCatchingUp = false;
  #held: LiveDelta[] = [];

  /** `after`: the last event that the reader knows. `head`: the last event when reading began. */
  constructor(range: { readonly after: number; readonly head: number }) {
    this.#after = range.after;
    this.#head = range.head;
  }

  event(event: ConversationEvent): FeedStep[] {
    if (event.seq <= this.#lastSeq) return [];
    this.#lastSeq = event.seq;
    this.#noteRun(event);
    const steps: FeedStep[] = event.seq > this.#after ? [{ type: 'event', event }] : [];
    if (!this.#isLive && event.seq >= this.#head) {
      this.#isLive = true;
      steps.push({ type: 'live', head: event.seq });
      return [...steps, ...(this.#open.size > 0 ? this.#askToCatchUp() : this.#release())];
    }
    return [...steps, ...this.#release()];
  }

  /** A delta as it is said. */
  delta(delta: LiveDelta): FeedStep[] {
    if (this.#ended.has(delta.run)) return [];
    const run = this.#open.get(delta.run);
    if (!this.#isLive || this.#isCatchingUp || run === undefined) return this.#hold(delta);
    if (delta.offset <= endOf(run, delta)) return passOn(run, delta);
    if (run.catchUps >= maxCatchUps) return [];
    run.catchUps += 1;
    this.#hold(delta);
    return this.#askToCatchUp();
  }

  /** A stored delta, read because of `catch-up`. */
  replayed(delta: LiveDelta): FeedStep[] {
    const run = this.#open.get(delta.run);
    return run === undefined || delta.offset > endOf(run, delta) ? [] : passOn(run, delta);
  }

  /** All stored deltas were read. */
  caughtUp(): FeedStep[] {
    this.#isCatchingUp = false;
    return this.#release();
  }

  #noteRun(event: ConversationEvent): void {
    switch (event.type) {
      case 'turn.routed':
        if (!this.#open.has(event.run)) this.#open.set(event.run, newRun());
        break;
      case 'turn.restarted':
        this.#end(event.previousRun);
        this.#open.set(event.run, newRun());
        break;
      case 'turn.completed':
      case 'turn.failed':
      case 'turn.cancelled':
        this.#end(event.run);
        break;
      default:
        break;
    }
  }

  #end(run: string): void {
    this.#open.delete(run);
    this.#ended.add(run);
    this.#held = this.#held.filter((delta) => delta.run !== run);
  }

  #hold(delta: LiveDelta): FeedStep[] {
    this.#held.push(delta);
    if (this.#held.length > maxHeld) this.#held.shift();
    return [];
  }

  #askToCatchUp(): FeedStep[] {
    if (this.#isCatchingUp) return [];
    this.#isCatchingUp = true;
    return [{ type: 'catch-up' }];
  }

  #release(): FeedStep[] {
    if (!this.#isLive || this.#isCatchingUp || this.#held.length === 0) return [];
    const held = this.#held;
    this.#held = [];
    return held.flatMap((delta) => this.delta(delta));
  }
}

function newRun(): Run {
  return { ends: new Map(), catchUps: 0 };
}

const place = (delta: LiveDelta) => `${delta.step}.${delta.kind}`;

function endOf(run: Run, delta: LiveDelta): number {
  return run.ends.get(place(delta)) ?? 0;
}

/** Only what was not passed on before. */
function passOn(run: Run, delta: LiveDelta): FeedStep[] {
  const end = endOf(run, delta);
  const text = delta.text.slice(end - delta.offset);
  if (text === '') return [];
  run.ends.set(place(delta), end + text.length);
  return [{ type: 'delta', delta: { ...delta, offset: end, text } }];
}
