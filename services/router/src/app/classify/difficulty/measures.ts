/** What is known of a text before it is measured. */
export interface MeasuredText {
  /** The user's own words. */
  readonly own: string;
  /** The place of each word in the table of words, the most frequent first, or -1. */
  readonly numbers: Int32Array;
}

/** A question taken apart: what is asked, and the answers that are offered. */
interface Question {
  readonly text: string;
  readonly stem: string;
  readonly options: readonly string[];
  /** The words of the stem and of each option, in lower case. */
  readonly stemWords: readonly string[];
  /** Each word of the stem once. */
  readonly said: ReadonlySet<string>;
  readonly optionWords: readonly (readonly string[])[];
  readonly numbers: Int32Array;
}

type Measure = (question: Question) => number;

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
const seen =
  (pattern: RegExp): Measure =>
  ({ stem }) =>
    pattern.test(stem) ? 1 : 0;

/** What a measure of options is where none are offered. */
const noOptions = -1;
const shareOfOptions =
  (pattern: RegExp): Measure =>
  ({ options }) =>
    options.length === 0 ? noOptions : shareOf(options, (option) => pattern.test(option));

const countOptions: Measure = ({ options }) => options.length;

/**
 * What makes a question hard or easy whatever it is about: how much there is to read, to calculate
 * and to tell apart. No word counts by itself, because which words are hard is true of the subjects
 * that were learned from and of no others.
 */
const measures: readonly Measure[] = [
  ({ text }) => text.length,
  ({ stem }) => stem.length,
  ({ stemWords }) => stemWords.length,
  ({ stem }) => count(stem, /[.!?](?:\s|$)/g),
  countOptions,
  ({ options }) => meanOf(options.map((option) => option.length)),
  ({ options }) => Math.max(0, ...options.map((option) => option.length)),
  ({ options }) => spreadOf(options.map((option) => option.length)),
  shareOfOptions(/^[-+$£(]?[\d.,/]+%?/),
  shareOfOptions(/\d/),
  shareOfOptions(/^(?:Yes|No|True|False)\b/),
  ({ optionWords, said }) => overlapOf(optionWords, said),
  ({ optionWords }) => likenessOf(optionWords),
  ({ stem }) => count(stem, /\d+/g),
  ({ stem, stemWords }) => count(stem, /\d+(?:\.\d+)?/g) / (1 + stemWords.length),
  ({ text }) => count(text, /[=^√∑+*/<>]/g),
  ({ text }) => Number(/[$\\]/.test(text)),
  seen(/\b(?:scenario|suppose|assume|if)\b/i),
  seen(/\b(?:not|except|least|never|no|false|incorrect)\b/i),
  seen(/[?？]\s*$/),
  ({ text }) => Number(/\bI{1,3} (?:only|and)\b/.test(text)),
  ({ stem, stemWords }) => count(stem, /\b\p{Lu}/gu) / (1 + stemWords.length),
  ({ stemWords }) => meanOf(stemWords.map((word) => word.length)),
  ({ stemWords }) => shareOf(stemWords, (word) => word.length > longWord),
  ({ said, stemWords }) => said.size / Math.max(1, stemWords.length),
  ({ numbers }) => shareOf(numbers, (number) => number === -1),
  ({ numbers }) => shareOf(numbers, (number) => number > rareFrom),
];
export const measureCount = measures.length;

/** Whether there is something to choose from. */
export const offersAnswers = (measured: Float32Array) =>
  (measured[measures.indexOf(countOptions)] ?? 0) >= 2;

/** Letters of a word that is not a long one yet. */
const longWord = 9;
/** The place in the table of words from which on a word is rare. */
const rareFrom = 8_000;

const option = /\n\s*\(?[A-J][.)]\s*([^\n]*)/g;
const word = /\p{L}+/gu;

/** All measures of a text, in the order that trees know them by. */
export function measuresOf({ own, numbers }: MeasuredText): Float32Array {
  // Most texts have one line: then no pattern need be set going.
  const offered = own.includes('\n') ? [...own.matchAll(option)] : [];
  const options = offered.map(([, text = '']) => text.trim());
  const stem = own.slice(0, offered[0]?.index ?? own.length);
  const stemWords = stem.toLowerCase().match(word) ?? [];
  const question: Question = {
    text: own,
    stem,
    options,
    stemWords,
    said: new Set(stemWords),
    optionWords: options.map((text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []),
    numbers,
  };
  const measured = new Float32Array(measureCount);
  for (let at = 0; at < measureCount; at += 1) measured[at] = measures[at]?.(question) ?? 0;
  return measured;
}

function shareOf<One>(all: ArrayLike<One>, isSo: (one: One) => boolean): number {
  let so = 0;
  for (let at = 0; at < all.length; at += 1) if (isSo(all[at] as One)) so += 1;
  return so / Math.max(1, all.length);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** How far lengths lie from each other, against their mean. */
function spreadOf(lengths: readonly number[]): number {
  const mean = meanOf(lengths);
  return Math.sqrt(meanOf(lengths.map((length) => (length - mean) ** 2))) / (1 + mean);
}

/** How much of the options was said in the question. */
function overlapOf(options: readonly (readonly string[])[], said: ReadonlySet<string>): number {
  if (options.length === 0) return noOptions;
  return meanOf(options.map((words) => shareOf(words, (one) => one.length > 3 && said.has(one))));
}

/** Words that two options have in common, of all that they have, over all pairs. */
function likenessOf(options: readonly (readonly string[])[]): number {
  if (options.length < 2) return 0;
  const sets = options.slice(0, 10).map((words) => new Set(words));
  const pairs = sets.flatMap((one, at) => sets.slice(0, at).map((other) => [one, other] as const));
  return meanOf(
    pairs.map(([one, other]) => {
      let common = 0;
      for (const text of one) if (other.has(text)) common += 1;
      return common / Math.max(1, one.size + other.size - common);
    }),
  );
}
