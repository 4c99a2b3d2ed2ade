import { meaningOf, type WordVectors, wordDimensions } from '@mosaic/word-vectors';
import {
  type DifficultyFeatures,
  difficultyFeaturesOf,
  difficultyMeasures,
} from './difficulty-features.ts';
import { cuesIn, flagsOf } from './flags.ts';
import {
  hashedSlots,
  hashFeature,
  hashStep,
  type Space,
  slotOf,
  spaces,
  startOf,
} from './hash-feature.ts';
import type { Segment } from './scope/find-request.ts';
import type { ScopedText } from './scope-text.ts';
import { SlotTally } from './slot-tally.ts';

/** Behind the hashed ones stand two meanings and the measures of difficulty, in slots of their own. */
export const featureSlots = hashedSlots + 2 * wordDimensions + difficultyMeasures;

export interface TextFeatures {
  readonly slots: readonly number[];
  readonly values: readonly number[];
  /** The words of the request, as they were looked at. */
  readonly words: readonly string[];
  /** What tells how hard it is. */
  readonly difficulty: DifficultyFeatures;
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
  const asked = words.filter(({ weight }) => weight >= 0.4).map(({ text }) => text);
  const request = asked.length > 0 ? asked : words.map(({ text }) => text);
  const slots: number[] = [];
  const values: number[] = [];
  const into = { slots, values };
  addWords(words, into);
  addPieces(request, into);
  addEdges(request, words, into);
  addFixed('flag', flagsOf(scoped, words.length), into);
  addFixed('cue', cuesIn(scoped.instruction), into);
  const meaning = meaningOf(request.slice(0, mostMeantWords), known, meaningLength);
  const opening = meaningOf(request.slice(0, openingWords), known, meaningLength);
  for (const [at, part] of [meaning, opening].entries()) {
    if (part === null) continue;
    for (let dimension = 0; dimension < wordDimensions; dimension += 1) {
      slots.push(hashedSlots + at * wordDimensions + dimension);
      values.push(part[dimension] ?? 0);
    }
  }
  const all = words.map(({ text }) => text);
  const meaningOfAll =
    request.length === all.length
      ? meaning
      : meaningOf(all.slice(0, mostMeantWords), known, meaningLength);
  const difficulty = difficultyFeaturesOf(scoped.own, all, meaningOfAll);
  return { slots, values, words: request, difficulty };
}

interface Into {
  readonly slots: number[];
  readonly values: number[];
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
const tally = new SlotTally(hashedSlots);

function addWords(words: readonly Word[], { slots, values }: Into): void {
  for (const { text, weight } of words) tally.add(hashFeature('word', text), weight);
  tally.flush(spaces.word.length, slots, values);
  for (let at = 0; at + 1 < words.length; at += 1) {
    const [one, two, three] = [words[at], words[at + 1], words[at + 2]];
    if (one === undefined || two === undefined || two.weight < 0.4) continue;
    tally.add(hashFeature('pair', `${one.text} ${two.text}`), two.weight);
    if (three === undefined) continue;
    tally.add(hashFeature('pair', `${one.text} ${two.text} ${three.text}`), three.weight);
  }
  tally.flush(spaces.pair.length, slots, values);
}

function addEdges(request: readonly string[], words: readonly Word[], { slots, values }: Into) {
  const add = (space: Space, feature: string) => tally.add(hashFeature(space, feature), 1);
  const opening = request.slice(0, openingWords);
  for (const [at, word] of opening.entries()) add('opening', at === 0 ? `first ${word}` : word);
  if (opening.length > 1) add('opening', opening.slice(0, 2).join(' '));
  if (opening.length > 2) add('opening', opening.slice(0, 3).join(' '));
  tally.flush(spaces.opening.length, slots, values);
  for (const { text } of words.slice(-5)) add('closing', text);
  tally.flush(spaces.closing.length, slots, values);
}

/** Every run of three to five letters of ` word `, hashed on the way without cutting strings. */
function addPieces(request: readonly string[], { slots, values }: Into): void {
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
  tally.flush(spaces.chars.length, slots, values);
}

function addFixed(space: Space, found: readonly number[], into: Into): void {
  for (const slot of found) tally.add(slot, 1);
  tally.flush(spaces[space].length, into.slots, into.values);
}

/** The slots in which a word or a pair of words counts, to tell which of them decided. */
export function slotsOfWord(word: string): readonly number[] {
  const space: Space = word.includes(' ') ? 'pair' : 'word';
  return [hashFeature(space, word), hashFeature('opening', word)];
}
