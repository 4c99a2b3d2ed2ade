import type { DateRange } from '../dates/date-range.ts';

/** A piece of a message or a memory, as it is stored. Times in milliseconds since 1970. */
export interface Passage {
  /** Larger than that of everything written before it. */
  readonly version: number;
  readonly source: 'message' | 'memory';
  readonly sourceId: string;
  readonly conversationId: string | null;
  readonly position: number;
  readonly chunk: number;
  readonly role: 'user' | 'assistant';
  readonly speaker: string | null;
  readonly saidAtMs: number;
  readonly supersededAtMs: number | null;
  /** ISO 639-1, or `und`. */
  readonly language: string;
  readonly text: string;
  /** Names the text among the vectors of embedding models. */
  readonly hash: string;
  /** The built-in static vector. */
  readonly meaning: Int8Array | null;
}

/** What an index keeps of a passage: everything that ranking looks at, but not its text. */
export interface IndexedPassage extends Omit<Passage, 'text' | 'supersededAtMs' | 'version'> {
  version: number;
  supersededAtMs: number | null;
  /** Number of the source in the index: all pieces of a message share it. */
  readonly unit: number;
  /** Numbers of its terms in the order of the text. */
  readonly terms: Int32Array;
  readonly marks: PassageMarks;
  /** The times that the text names, and the day it was said. */
  readonly dates: readonly DateRange[];
}

/** What a look at the text tells beside its words. */
export interface PassageMarks {
  readonly words: number;
  readonly hasQuestion: boolean;
  readonly hasNumber: boolean;
  readonly hasName: boolean;
  readonly hasTime: boolean;
  /** "Always …", "when I ask …": what shall hold for every answer. */
  readonly isStanding: boolean;
  readonly isPreference: boolean;
  readonly isFirstPerson: boolean;
}
