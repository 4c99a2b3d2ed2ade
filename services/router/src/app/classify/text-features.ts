import { meaningOf, numbersOf, type WordVectors, wordDimensions } from '@mosaic/word-vectors';
import { cuesIn, flagsOf } from './flags.ts';
import {
  hashedSlots,
  hashFeature,
  hashOn,
  hashStep,
  type Space,
  slotOf,
  spaceCode,
  spaces,
  startOf,
} from './hash-feature.ts';
import type { Segment } from './scope/find-request.ts';
import type { ScopedText } from './scope-text.ts';
import { SlotTally } from './slot-tally.ts';

/** Behind the hashed ones stand two meanings in slots of their own. */
export const featureSlots = hashedSlots + 2 * wordDimensions;

export interface TextFeatures {
  readonly slots: Int32Array;
  readonly values: Float64Array;
  /** The words of the request, as they were looked at. */
  readonly words: readonly string[];
  /** The place of each word of the whole text in the table of words, or -1. */
  readonly numbers: Int32Array;
}

/** The same for the meaning of all words, and again for that of the opening. */
const meaningLength = 0.5;

/** A request says within so many words what it wants. */
const openingWords = 8;

/** Pieces of words are taken from the request alone, and from so many words of it. */
const mostPiecedWords = 120;
/** Of so many words the meaning is summed. */
const mostMeantWords = 150;
/** What was given to work on is looked at in so many words. */
const mostWords = 400;

const token =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}]+(?:['’][\p{L}]+)?|\p{N}+|[?!:=+*/^$%#@<>{}|_\\…-]/gu;

/** A word, and how much its segment asks. */
interface Word {
  readonly text: string;
  readonly weight: number;
}

/**
 * Hashed words, pairs, pieces of words, how it begins and ends, its structure and its cues; and
 * unhashed what its words mean. Words of the request count for more than those it is about.
 */
export function featuresOf(scoped: ScopedText, known: WordVectors): TextFeatures {
  const words = wordsOf(scoped.segments);
  const numbers = numbersOf(
    words.map(({ text }) => text),
    known,
  );
  const asks = (at: number) => (words[at]?.weight ?? 0) >= 0.4;
  const isAsking = words.some((_, at) => asks(at));
  const request = isAsking ? words.filter((_, at) => asks(at)) : words;
  const texts = request.map(({ text }) => text);
  const meant = isAsking ? numbers.filter((_, at) => asks(at)) : numbers;
  addWords(words);
  addPieces(texts);
  addEdges(texts, words);
  addFixed('flag', flagsOf(scoped, words.length));
  addFixed('cue', cuesIn(scoped.instruction));
  tally.append(hashedSlots, meaningOf(meant.subarray(0, mostMeantWords), known, meaningLength));
  tally.append(
    hashedSlots + wordDimensions,
    meaningOf(meant.subarray(0, openingWords), known, meaningLength),
  );
  return { ...tally.take(), words: texts, numbers };
}

function wordsOf(segments: readonly Segment[]): Word[] {
  const words: Word[] = [];
  for (const { text, weight } of segments) {
    for (const word of text.toLowerCase().match(token) ?? []) {
      if (words.length >= mostWords) return words;
      words.push({ text: plainNumber(word), weight });
    }
  }
  return words;
}

/** Which number it is says little; how long it is says a little more. */
function plainNumber(word: string): string {
  return /^\p{N}/u.test(word) ? `#${Math.min(word.length, 5)}` : word;
}

/** One for all texts, because a new one would be most of the work; nothing is awaited in between. */
const tally = new SlotTally();

/** Words, pairs and threes; the hash of a pair goes on into that of its three, without cutting strings. */
function addWords(words: readonly Word[]): void {
  for (const { text, weight } of words) tally.add(hashFeature('word', text), weight);
  tally.flush(spaces.word.length);
  const start = startOf('pair');
  for (let at = 0; at + 1 < words.length; at += 1) {
    const [one, two, three] = [words[at], words[at + 1], words[at + 2]];
    if (one === undefined || two === undefined || two.weight < 0.4) continue;
    const pair = hashOn(hashStep(hashOn(start, one.text), spaceCode), two.text);
    tally.add(slotOf(pair), two.weight);
    if (three === undefined) continue;
    tally.add(slotOf(hashOn(hashStep(pair, spaceCode), three.text)), three.weight);
  }
  tally.flush(spaces.pair.length);
}

function addEdges(request: readonly string[], words: readonly Word[]) {
  const add = (kind: Space, feature: string) => tally.add(hashFeature(kind, feature), 1);
  const opening = request.slice(0, openingWords);
  for (const [at, word] of opening.entries()) add('opening', at === 0 ? `first ${word}` : word);
  if (opening.length > 1) add('opening', opening.slice(0, 2).join(' '));
  if (opening.length > 2) add('opening', opening.slice(0, 3).join(' '));
  tally.flush(spaces.opening.length);
  for (const { text } of words.slice(-5)) add('closing', text);
  tally.flush(spaces.closing.length);
}

/** Every run of three to five letters of ` word `, hashed on the way without cutting strings. */
function addPieces(request: readonly string[]): void {
  const start = startOf('chars');
  for (const word of request.slice(0, mostPiecedWords)) {
    if (word.length < 3) continue;
    const edged = ` ${word.slice(0, 20)} `;
    for (let from = 0; from + 3 <= edged.length; from += 1) {
      let value = start;
      const to = Math.min(edged.length, from + 5);
      for (let at = from; at < to; at += 1) {
        value = hashStep(value, edged.charCodeAt(at));
        if (at - from >= 2) tally.add(slotOf(value), 1);
      }
    }
  }
  tally.flush(spaces.chars.length);
}

function addFixed(kind: Space, found: readonly number[]): void {
  for (const slot of found) tally.add(slot, 1);
  tally.flush(spaces[kind].length);
}
