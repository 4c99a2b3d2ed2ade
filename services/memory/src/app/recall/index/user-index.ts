import { dayOf } from '../dates/date-range.ts';
import { findDates } from '../dates/find-dates.ts';
import { markText } from './mark-text.ts';
import type { IndexedPassage, Passage } from './passage.ts';
import { makeVocabulary, type Vocabulary } from './vocabulary.ts';

/** Where a term occurs: numbers of passages, rising, and how often there. */
export interface Postings {
  readonly passages: number[];
  readonly counts: number[];
}

/** All pieces of one message or memory, and what stands beside it in its conversation. */
export interface Unit {
  readonly conversation: number;
  readonly position: number;
  readonly passages: number[];
}

/** The units of a conversation in their order. */
export interface Talk {
  readonly id: string | null;
  readonly units: number[];
}

/**
 * Everything one user has said and saved, ready for ranking; made from the rows of that user alone,
 * term statistics included: nobody's words change what another finds.
 */
export interface UserIndex {
  readonly vocabulary: Vocabulary;
  readonly passages: readonly IndexedPassage[];
  readonly postings: readonly Postings[];
  readonly units: readonly Unit[];
  readonly talks: readonly Talk[];
  /** Sum of the numbers of terms. */
  readonly length: number;
  /** Names of speakers, lower case. */
  readonly speakers: ReadonlySet<string>;
  /** Version of the newest passage. */
  readonly version: number;
  add(passages: readonly Passage[]): void;
}

export function makeUserIndex(): UserIndex {
  return new GrowingIndex();
}

class GrowingIndex implements UserIndex {
  readonly vocabulary = makeVocabulary();
  readonly passages: IndexedPassage[] = [];
  readonly postings: Postings[] = [];
  readonly units: Unit[] = [];
  readonly talks: Talk[] = [];
  readonly speakers = new Set<string>();
  length = 0;
  version = 0;
  readonly #unitOf = new Map<string, number>();
  readonly #talkOf = new Map<string, number>();
  readonly #numberOf = new Map<string, number>();

  add(passages: readonly Passage[]): void {
    const changed = new Set<Talk>();
    for (const passage of passages) {
      this.version = Math.max(this.version, passage.version);
      const key = keyOf(passage);
      const known = this.passages[this.#numberOf.get(key) ?? -1];
      // The text of a passage never changes, only whether something newer stands in its place.
      if (known !== undefined) {
        known.supersededAtMs = passage.supersededAtMs;
        known.version = passage.version;
      } else changed.add(this.#take(passage, key));
    }
    for (const talk of changed) {
      const positionOf = (unit: number) => this.units[unit]?.position ?? 0;
      talk.units.sort((left, right) => positionOf(left) - positionOf(right));
    }
  }

  #take(passage: Passage, key: string): Talk {
    const number = this.passages.length;
    this.#numberOf.set(key, number);
    const { text, ...kept } = passage;
    const spoken = passage.speaker === null ? text : `${passage.speaker}: ${text}`;
    const terms = this.vocabulary.take(spoken, passage.language);
    const { unit, talk } = this.#unitFor(passage, number);
    this.passages.push({
      ...kept,
      unit,
      terms,
      marks: markText(text, terms.length),
      dates: [dayOf(passage.saidAtMs), ...findDates(text, passage.saidAtMs)],
    });
    this.length += terms.length;
    if (passage.speaker !== null) this.speakers.add(passage.speaker.toLowerCase());
    this.#post(terms, number);
    return talk;
  }

  #unitFor(passage: Passage, number: number): { readonly unit: number; readonly talk: Talk } {
    // A memory stands alone: what was saved beside it is no context of it.
    const talkNumber = this.#talkFor(passage.source === 'memory' ? null : passage.conversationId);
    const talk = this.talks[talkNumber] ?? { id: null, units: [] };
    const key = `${passage.source} ${talkNumber} ${passage.sourceId}`;
    const known = this.#unitOf.get(key);
    if (known !== undefined) {
      this.units[known]?.passages.push(number);
      return { unit: known, talk };
    }
    const unit = this.units.length;
    this.#unitOf.set(key, unit);
    const { position } = passage;
    this.units.push({ conversation: talkNumber, position, passages: [number] });
    talk.units.push(unit);
    return { unit, talk };
  }

  #talkFor(conversationId: string | null): number {
    const known = this.#talkOf.get(conversationId ?? '');
    if (known !== undefined) return known;
    this.#talkOf.set(conversationId ?? '', this.talks.length);
    return this.talks.push({ id: conversationId, units: [] }) - 1;
  }

  #post(terms: Int32Array, number: number): void {
    for (const term of terms) {
      this.postings[term] ??= { passages: [], counts: [] };
      const { passages, counts } = this.postings[term];
      const at = passages.length - 1;
      if (passages[at] === number) counts[at] = (counts[at] ?? 0) + 1;
      else {
        passages.push(number);
        counts.push(1);
      }
    }
  }
}

function keyOf({ source, conversationId, sourceId, chunk }: Passage): string {
  return `${source} ${conversationId ?? ''} ${sourceId} ${chunk}`;
}
