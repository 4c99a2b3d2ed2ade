import { addMeanings, directionOf, type WordVectors, wordDimensions } from '@mosaic/word-vectors';
import type { Cue } from '../cues.ts';
import { attachedTo, cuesIn, flagsOf } from './flags.ts';
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
  /** The signs that the request shows. */
  readonly cues: readonly Cue[];
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

/** A word, its place in the table of words or -1, and how much its segment asks. */
interface Word {
  readonly text: string;
  readonly number: number;
  readonly weight: number;
}

/** From this weight on a word is part of the request. */
const asksFrom = 0.4;

/**
 * Hashed words, pairs, pieces of words, how it begins and ends, its structure and its cues; and
 * unhashed what its words mean. Words of the request count for more than those it is about.
 */
export function featuresOf(scoped: ScopedText, known: WordVectors): TextFeatures {
  const words = wordsOf(scoped.segments, known);
  const asking = words.filter(({ weight }) => weight >= asksFrom);
  const request = asking.length > 0 ? asking : words;
  const texts = request.map(({ text }) => text);
  const cues = cuesIn(scoped.instruction);
  addWords(words);
  addPieces(texts);
  addOpening(texts);
  addFixed(
    'closing',
    words.slice(-5).map(({ text }) => hashFeature('closing', text)),
  );
  const attached = attachedTo(scoped, words.length);
  addFixed('flag', flagsOf(scoped, { attached, words: words.length }));
  addGiven(texts, attached);
  addFixed(
    'cue',
    cues.map(({ slot }) => slot),
  );
  addMeaning(numbersOf(request), known);
  return { ...tally.take(), words: texts, numbers: numbersOf(words), cues };
}

function wordsOf(segments: readonly Segment[], known: WordVectors): Word[] {
  const words: Word[] = [];
  for (const { text, weight } of segments) {
    for (const word of text.toLowerCase().match(token) ?? []) {
      if (words.length >= mostWords) return words;
      const plain = isNumber(word) ? `#${Math.min(word.length, 5)}` : word;
      words.push({ text: plain, number: known.numberOf(plain), weight });
    }
  }
  return words;
}

/** Which number it is says little; how long it is says a little more. Most words begin with a-z. */
function isNumber(word: string): boolean {
  const code = word.charCodeAt(0);
  return code < 128 ? code >= 48 && code <= 57 : /^\p{N}/u.test(word);
}

function numbersOf(words: readonly Word[]): Int32Array {
  const numbers = new Int32Array(words.length);
  for (let at = 0; at < words.length; at += 1) numbers[at] = words[at]?.number ?? -1;
  return numbers;
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
    if (one === undefined || two === undefined || two.weight < asksFrom) continue;
    const pair = hashOn(hashStep(hashOn(start, one.text), spaceCode), two.text);
    tally.add(slotOf(pair), two.weight);
    if (three === undefined) continue;
    tally.add(slotOf(hashOn(hashStep(pair, spaceCode), three.text)), three.weight);
  }
  tally.flush(spaces.pair.length);
}

/** The first words, the first of them as such, and the first two and three together. */
function addOpening(request: readonly string[]): void {
  const start = startOf('opening');
  const opening = request.slice(0, openingWords);
  let together = start;
  for (const [at, word] of opening.entries()) {
    tally.add(slotOf(hashOn(at === 0 ? hashOn(start, 'first ') : start, word)), 1);
  }
  for (const [at, word] of opening.slice(0, 3).entries()) {
    together = hashOn(at === 0 ? start : hashStep(together, spaceCode), word);
    if (at > 0) tally.add(slotOf(together), 1);
  }
  tally.flush(spaces.opening.length);
}

/** Letters of a word that are looked at, and a space on either side. */
const piecedLetters = 20;
const edged = new Uint16Array(piecedLetters + 2).fill(spaceCode);

/** Every run of three to five letters of ` word `, hashed on the way without cutting strings. */
function addPieces(request: readonly string[]): void {
  const start = startOf('chars');
  for (const word of request.slice(0, mostPiecedWords)) {
    if (word.length < 3) continue;
    const letters = Math.min(word.length, piecedLetters);
    for (let at = 0; at < letters; at += 1) edged[at + 1] = word.charCodeAt(at);
    edged[letters + 1] = spaceCode;
    for (let from = 0; from < letters; from += 1) {
      let value = start;
      const to = Math.min(letters + 2, from + 5);
      for (let at = from; at < to; at += 1) {
        value = hashStep(value, edged[at] ?? 0);
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

/** "Improve" says one thing of code and another of a letter: each word of the opening with what is given. */
function addGiven(request: readonly string[], attached: readonly string[]): void {
  for (const kind of attached) {
    const start = hashOn(startOf('given'), kind);
    tally.add(slotOf(start), 1);
    for (const word of request.slice(0, openingWords)) {
      tally.add(slotOf(hashOn(hashStep(start, spaceCode), word)), 1);
    }
  }
  tally.flush(spaces.given.length);
}

/** What all words mean together, and again the opening, whose sum is where that of all begins. */
function addMeaning(request: Int32Array, known: WordVectors): void {
  const sum = new Float64Array(wordDimensions);
  addMeanings(sum, request.subarray(0, openingWords), known);
  const opening = directionOf(sum, meaningLength);
  addMeanings(sum, request.subarray(openingWords, mostMeantWords), known);
  tally.append(hashedSlots, directionOf(sum, meaningLength));
  tally.append(hashedSlots + wordDimensions, opening);
}
