import { type KeyWord, keyRests, makeId } from '@mosaic/proto';
import type { Bus, Logger } from '@mosaic/service-kit';
import type { KeyRest, KeyRests, Ready } from '../app/keys/key-rests.ts';

export interface SharingRests {
  readonly bus: Pick<Bus, 'putState' | 'watchState'>;
  readonly log: Logger;
  readonly rests: KeyRests;
  /** Called when another replica's word changed something. */
  readonly onHeard: () => void;
}

export interface SharedRests {
  /** Tells the other replicas what is known about a key now. */
  tell(keyId: string): void;
  /** Resolves when what the others know is known here, or when `limitMs` has passed. */
  whenKnown(limitMs: number): Promise<void>;
}

/**
 * Keeps the rests of keys the same in every replica. Without the bucket each replica goes by what it
 * finds out itself, and tells the others when the bucket is there.
 */
export function shareRests({ bus, log, rests, onHeard }: SharingRests): SharedRests {
  const by = makeId();
  /** Until when each key rests as the bucket has it. */
  const stored = new Map<string, number>();
  const untold = new Set<string>();
  const writing = new Set<string>();
  const known = Promise.withResolvers<void>();

  const tellAll = async (keyId: string) => {
    writing.add(keyId);
    // One write at a time: what a burst of calls finds out meanwhile goes out as one.
    while (untold.delete(keyId)) {
      const own = rests.wordOf(keyId);
      if (own === null) continue;
      const word = write(own, by);
      log.info({ keyId, kind: word.kind, until: word.until }, 'what is known about a key');
      try {
        await bus.putState(keyRests, { key: keyId, value: word });
      } catch (thrown) {
        log.warn({ err: thrown }, 'only this replica knows that');
      }
    }
    writing.delete(keyId);
  };
  const tell = (keyId: string) => {
    untold.add(keyId);
    if (!writing.has(keyId)) void tellAll(keyId);
  };
  const hear = (keyId: string, word: KeyRest | Ready) => {
    if (rests.hear(keyId, word)) onHeard();
    else if (isCutShort(rests.of(keyId), word)) tell(keyId);
  };

  // The bus ends it when it drains.
  bus.watchState(keyRests, {
    changed(keyId, word) {
      if (word) stored.set(keyId, Date.parse(word.until));
      else stored.delete(keyId);
      // One's own word comes back when one may know better by now.
      if (word && word.by !== by) hear(keyId, read(word));
    },
    caughtUp() {
      known.resolve();
      for (const [keyId, { untilMs }] of rests.running()) {
        if ((stored.get(keyId) ?? 0) < untilMs) tell(keyId);
      }
    },
  });
  return {
    tell,
    async whenKnown(limitMs) {
      const timer = setTimeout(known.resolve, limitMs);
      await known.promise;
      clearTimeout(timer);
    },
  };
}

/**
 * True when another replica wrote a shorter rest over a longer one that a vendor asked for: who comes
 * later would not know. How long a refused key rests is our own guess, and not worth a word.
 */
function isCutShort(own: KeyRest | null, word: KeyRest | Ready): boolean {
  if (own === null || own.kind === 'refused') return false;
  return word.kind === 'ready' || own.untilMs > word.untilMs;
}

const instant = (ms: number) => new Date(ms).toISOString();

function write(word: KeyRest | Ready, by: string): KeyWord {
  const { kind, sinceMs } = word;
  const since = instant(sinceMs);
  if (word.kind === 'ready') return { kind, since, until: since, reason: '', by };
  return { kind, since, until: instant(word.untilMs), reason: word.reason.slice(0, 500), by };
}

function read({ kind, since, until, reason }: KeyWord): KeyRest | Ready {
  const sinceMs = Date.parse(since);
  return kind === 'ready'
    ? { kind, sinceMs }
    : { kind, sinceMs, untilMs: Date.parse(until), reason };
}
