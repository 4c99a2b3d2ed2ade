import type { ConversationEvent } from '@mosaic/proto';

/** Events of the conversations that were used last, so that a turn need not read its log again. */
export interface KeptEvents {
  /** What was read or written behind stream sequence `after`; what does not join on is not kept. */
  add(key: string, news: EventNews): void;
  /** All events up to `streamSeq`, oldest first; undefined when they are not kept. */
  upTo(key: string, streamSeq: number): readonly ConversationEvent[] | undefined;
  drop(key: string): void;
  /** Drops all of a person: keys begin with whose they are. */
  forget(userId: string): void;
}

interface EventNews {
  readonly after: number;
  readonly events: readonly ConversationEvent[];
  readonly streamSeq: number;
}

interface Entry {
  readonly events: readonly ConversationEvent[];
  readonly streamSeq: number;
  readonly chars: number;
}

/** Characters of JSON: of one conversation, and of all together. */
const mostOfOne = 8_000_000;
const mostOfAll = 64_000_000;

export function keepEvents(): KeptEvents {
  const entries = new Map<string, Entry>();
  let charsOfAll = 0;

  const drop = (key: string) => {
    charsOfAll -= entries.get(key)?.chars ?? 0;
    entries.delete(key);
  };
  const put = (key: string, entry: Entry) => {
    drop(key);
    if (entry.chars > mostOfOne) return;
    entries.set(key, entry);
    charsOfAll += entry.chars;
    for (const oldest of entries.keys()) {
      if (charsOfAll <= mostOfAll) return;
      drop(oldest);
    }
  };

  return {
    drop,
    forget(userId) {
      for (const key of entries.keys()) if (key.startsWith(`${userId}.`)) drop(key);
    },
    add(key, { after, events, streamSeq }) {
      const known = entries.get(key) ?? { events: [], streamSeq: 0, chars: 0 };
      // Two who hold the same log open hear of the same events.
      if (known.streamSeq >= streamSeq) return;
      if (known.streamSeq !== after) return drop(key);
      const chars = events.reduce((sum, event) => sum + JSON.stringify(event).length, known.chars);
      put(key, { events: [...known.events, ...events], streamSeq, chars });
    },
    upTo(key, streamSeq) {
      const known = entries.get(key);
      return known?.streamSeq === streamSeq ? known.events : undefined;
    },
  };
}
