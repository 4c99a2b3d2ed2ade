import { cues } from '../cues.ts';
import type { ScopedText } from './scope-text.ts';
import { meaningOf, type WordVectors, wordDimensions } from './word-vectors.ts';

/** Slots that features are hashed into; a power of two. */
const hashedSlots = 2 ** 17;

/** Behind the hashed ones stand the meaning of all words and of the opening, in slots of their own. */
export const featureSlots = hashedSlots + 2 * wordDimensions;

export interface TextFeatures {
  readonly slots: readonly number[];
  readonly values: readonly number[];
  /** Names for people of those features that have one: whole words, in the user's spelling. */
  readonly names: ReadonlyMap<number, string>;
}

/** How much each kind of feature may say altogether: the length of its part of the vector. */
const spaces = {
  word: { seed: 1, length: 1 },
  pair: { seed: 2, length: 0.7 },
  chars: { seed: 3, length: 1 },
  opening: { seed: 4, length: 0.8 },
  closing: { seed: 5, length: 0.4 },
  flag: { seed: 6, length: 0.9 },
  cue: { seed: 7, length: 0.9 },
} as const;
type Space = keyof typeof spaces;

/** The same for the meaning of all words, and again for that of the opening. */
const meaningLength = 0.5;

/** A request says within so many words what it wants. */
const openingWords = 8;

const token =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}]+(?:['’][\p{L}]+)?|\p{N}+|[?!:=+*/^$%#@<>{}|_\\…-]/gu;

/**
 * Hashed words, pairs, pieces of words, how it begins and ends, its structure and its cues; and
 * unhashed what its words mean.
 */
export function featuresOf(scoped: ScopedText, known: WordVectors): TextFeatures {
  const counts = new Map<Space, Map<number, number>>();
  const names = new Map<number, string>();
  const add = (space: Space, feature: string, name?: string) => {
    const slot = hash(feature, spaces[space].seed);
    let of = counts.get(space);
    if (of === undefined) {
      of = new Map();
      counts.set(space, of);
    }
    of.set(slot, (of.get(slot) ?? 0) + 1);
    if (name !== undefined) names.set(slot, name);
  };
  const text = scoped.instruction;
  const words = (text.toLowerCase().match(token) ?? []).map(plainNumber);
  addWords(words, add);
  addPieces(words, add);
  for (const flag of flagsOf(scoped, words.length)) add('flag', flag);
  for (const cue of cues) if (cue.pattern.test(text)) add('cue', `${cue.task} ${cue.says}`);
  const { slots, values } = normalised(counts);
  for (const [at, part] of [words, words.slice(0, openingWords)].entries()) {
    const meaning = meaningOf(part, known, meaningLength) ?? [];
    for (const [dimension, value] of meaning.entries()) {
      slots.push(hashedSlots + at * wordDimensions + dimension);
      values.push(value);
    }
  }
  return { slots, values, names };
}

type Add = (space: Space, feature: string, name?: string) => void;

/** Which number it is says little; how long it is says a little more. */
function plainNumber(word: string): string {
  return /^\p{N}/u.test(word) ? `#${Math.min(word.length, 5)}` : word;
}

function addWords(words: readonly string[], add: Add): void {
  for (const [at, word] of words.entries()) {
    const next = words[at + 1];
    add('word', word, word);
    if (next !== undefined) add('pair', `${word} ${next}`, `${word} ${next}`);
    const third = words[at + 2];
    if (third !== undefined) add('pair', `${word} ${next} ${third}`);
  }
  const opening = words.slice(0, openingWords);
  for (const [at, word] of opening.entries()) add('opening', at === 0 ? `first ${word}` : word);
  if (opening.length > 1)
    add('opening', opening.slice(0, 2).join(' '), opening.slice(0, 2).join(' '));
  if (opening.length > 2)
    add('opening', opening.slice(0, 3).join(' '), opening.slice(0, 3).join(' '));
  for (const word of words.slice(-5)) add('closing', word);
}

function addPieces(words: readonly string[], add: Add): void {
  for (const word of words) {
    if (word.length < 3) continue;
    const edged = ` ${word.slice(0, 20)} `;
    for (let size = 3; size <= 5; size += 1) {
      for (let at = 0; at + size <= edged.length; at += 1) add('chars', edged.slice(at, at + size));
    }
  }
}

const looks: readonly (readonly [string, RegExp])[] = [
  ['question', /[?？]\s*$/],
  ['question inside', /[?？]/],
  ['several lines', /\n/],
  ['options', /(?:^|\n)\s*\(?[A-Da-d][).:]\s/],
  ['list', /(?:^|\n)\s*(?:[-*•]|\d+[.)])\s/],
  ['quoted', /["“«「《][^"”»」》]{12}/],
  ['colon then text', /:\s*\n|:\s+["“]/],
  ['formula', /\d\s*[-+*/^=×÷]\s*\(?\d|\b[a-z]\s*=\s*|\\[a-z]+\{|\$[^$\n]{1,80}\$/],
  ['blank to fill', /_{1,}|\[MASK\]/],
  ['file name', /\b[\w-]+\.(?:ts|js|py|go|rs|java|md|json|yml|sh|css|html)\b/],
  ['link', /https?:\/\//],
  ['han', /\p{Script=Han}/u],
  ['lower case start', /^\s*[a-z]/],
  ['exclamation', /!/],
  ['role given', /^(?:act as|you are|i want you to act|imagine you)/i],
];

function flagsOf({ instruction, attachments }: ScopedText, words: number): string[] {
  const digits = (instruction.match(/\d+/g) ?? []).length;
  return [
    ...looks.filter(([, pattern]) => pattern.test(instruction)).map(([name]) => name),
    ...new Set(attachments.map(({ kind }) => `with ${kind}`)),
    `words ${words === 0 ? 0 : Math.min(8, Math.ceil(Math.log2(words + 1)))}`,
    `numbers ${digits > 9 ? 'many' : digits > 2 ? 'some' : digits}`,
  ];
}

/** Each kind gets its own length, so that long texts and many pieces do not drown the rest. */
function normalised(counts: ReadonlyMap<Space, ReadonlyMap<number, number>>) {
  const slots: number[] = [];
  const values: number[] = [];
  for (const [space, of] of counts) {
    let sum = 0;
    for (const count of of.values()) sum += (1 + Math.log(count)) ** 2;
    const scale = spaces[space].length / Math.sqrt(sum);
    for (const [slot, count] of of) {
      slots.push(slot);
      values.push((1 + Math.log(count)) * scale);
    }
  }
  return { slots, values };
}

/** FNV-1a, with the kind of feature as its start. */
function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value ^= value >>> 15;
  return (value >>> 0) & (hashedSlots - 1);
}
