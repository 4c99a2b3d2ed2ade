import { meaningOf, type WordVectors } from '@mosaic/word-vectors';
import type { DateRange } from '../dates/date-range.ts';
import { findDates } from '../dates/find-dates.ts';
import type { UserIndex } from '../index/user-index.ts';
import { detectLanguage } from '../text/detect-language.ts';
import { splitWords } from '../text/split-words.ts';
import { stopWordsOf } from '../text/stop-words.ts';

/** A word of a question and the terms of the index that stand for it, in any language of the user. */
export interface AskedWord {
  readonly word: string;
  readonly terms: readonly number[];
  /** How much it tells apart, from the user's own passages. */
  readonly idf: number;
  /** Written with a capital within the sentence, or the name of a speaker. */
  readonly isName: boolean;
}

/** What a question asks for, told by its words. */
export interface Asks {
  readonly time: boolean;
  readonly number: boolean;
  readonly person: boolean;
  readonly place: boolean;
  readonly past: boolean;
  /** "I", "my": about the one who asks. */
  readonly self: boolean;
  /** "you suggested", "did you …": about what the assistant said. */
  readonly assistant: boolean;
  /** Wants something done, not something remembered. */
  readonly help: boolean;
}

export interface Question {
  readonly words: readonly AskedWord[];
  readonly dates: readonly DateRange[];
  /** Names of the user's speakers that it names. */
  readonly speakers: ReadonlySet<string>;
  readonly asks: Asks;
  readonly meaning: Float64Array | null;
}

/** A question longer than this is read by its beginning: nothing is found by hundreds of words. */
const mostCharacters = 2_000;
const mostWords = 48;

const patterns: Readonly<Record<keyof Asks, RegExp>> = {
  time: /\b(?:when|what (?:day|date|month|year|time)|how long|since when|wann|seit wann|quand|cuándo|which (?:day|month|year|date))\b|什么时候|几点|いつ/iu,
  number:
    /\b(?:how (?:many|much|often|old|far)|what (?:number|percent|age)|wie ?viele?|combien|cuánt[oa]s?)\b|多少|几/iu,
  person: /\b(?:who|whom|whose|wer|wem|qui|quién)\b|谁|誰/iu,
  place:
    /\b(?:where|which (?:city|country|place|state|town)|wo|wohin|woher|où|dónde)\b|哪里|哪儿|どこ/iu,
  past: /\b(?:used to|previous(?:ly)?|former(?:ly)?|before|earlier|original(?:ly)?|in the past|back then|was|were|did|früher|damals|vorher|avant|antes)\b|以前|之前/iu,
  self: /\b(?:i|i'm|i've|my|me|mine|we|our|ich|mein[ers]?|mir|mich|je|mon|ma|mes|yo|mi|mis)\b|我|私/iu,
  assistant:
    /\byou (?:have |had |ever )?(?:recommend|suggest|advis|t[oe]ld|sa(?:id|y)|mention|explain|outlin|propos|describ|show|ga?ve|help|list|provid|walk)\w*|\b(?:did|have|had) you\b|\byour (?:answer|advice|suggestion|recommendation|explanation)\w*|(?:hast|hattest) du|你(?:说|建议)/iu,
  help: /\b(?:(?:can|could|would|will) you|please|help me|show me|how (?:do|can|should|would) i|what (?:should|would you)|suggest|recommend|advi[cs]e|explain|tips)\b|请|帮我/iu,
};

/** Reads a question as somebody would who knows the user's index. `nowMs`: when it is asked. */
export function readQuestion(
  text: string,
  index: UserIndex,
  options: { readonly nowMs: number; readonly table: WordVectors },
): Question {
  const asked = text.slice(0, mostCharacters);
  const language = detectLanguage(asked);
  const words = askedWords(asked, index, language);
  const names = new Set(words.map(({ word }) => word));
  const speakers = [...index.speakers].filter((name) =>
    name.split(/\s+/u).some((part) => names.has(part)),
  );
  // Who said something says nothing about what it was.
  const named = new Set(speakers.flatMap((name) => name.split(/\s+/u)));
  const about = [...names].filter((word) => !named.has(word));
  return {
    words,
    dates: findDates(asked, options.nowMs),
    speakers: new Set(speakers),
    asks: readAsks(asked),
    meaning: meaningOf(about.length > 0 ? about : [...names], options.table),
  };
}

function readAsks(text: string): Asks {
  const { time, number, person, place, past, self, assistant, help } = patterns;
  return {
    time: time.test(text),
    number: number.test(text),
    person: person.test(text),
    place: place.test(text),
    past: past.test(text),
    self: self.test(text),
    assistant: assistant.test(text),
    help: help.test(text),
  };
}

function askedWords(text: string, index: UserIndex, language: string): readonly AskedWord[] {
  const found = splitWords(text);
  const stops = stopWordsOf(language);
  const telling = found.filter(({ word }) => !stops.has(word));
  // A question of nothing but small words is asked for by those.
  const chosen = telling.length > 0 ? telling : found;
  const seen = new Map<string, AskedWord>();
  for (const { word, at } of chosen) {
    const terms = termsOf(word, index, language);
    // Two forms of one word are one word.
    const key = terms.length > 0 ? terms.join() : word;
    if (seen.has(key) || seen.size >= mostWords) continue;
    const isName = at > 0 && /\p{Lu}/u.test(text.charAt(at));
    seen.set(key, { word, terms, idf: idfOf(terms, index), isName });
  }
  return [...seen.values()];
}

function termsOf(word: string, index: UserIndex, language: string): readonly number[] {
  const terms = new Set<number>();
  for (const one of [language, ...index.vocabulary.languages]) {
    const term = index.vocabulary.find(word, one);
    if (term !== -1) terms.add(term);
  }
  return [...terms];
}

/** The usual inverse document frequency of BM25; words of two languages count once a passage. */
function idfOf(terms: readonly number[], index: UserIndex): number {
  const known = terms.map((term) => index.postings[term]?.passages ?? []);
  const [only = []] = known;
  const frequency = known.length > 1 ? new Set(known.flat()).size : only.length;
  const count = index.passages.length;
  return Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
}
