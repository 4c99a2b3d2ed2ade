/** Numbers per word. */
export const wordDimensions = 100;

/** Where common English words stand in a space of meaning: near each other when used alike. */
export interface WordVectors {
  readonly count: number;
  /** The number of a lower-case word, the most frequent first, or -1. */
  numberOf(word: string): number;
  /** `wordDimensions` small whole numbers for each word. */
  readonly vectors: Int8Array;
  /** What one of them is worth, by word; frequent words count for less. */
  readonly scales: Float32Array;
}

/** Bytes before the scales: a magic word and the number of words. */
const headBytes = 8;
const magic = 0x4d535731;
const lineFeed = 10;

/** Reads the table from the bytes of its file. Throws when they are not one of this shape. */
export function decodeWordVectors(bytes: Uint8Array): WordVectors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.byteLength < headBytes ? 0 : view.getUint32(4);
  const textFrom = headBytes + count * (4 + wordDimensions);
  if (count === 0 || view.getUint32(0) !== magic || textFrom > bytes.byteLength) {
    throw new Error('The table of word vectors is of another shape: run npm run train:words.');
  }
  const text = bytes.subarray(textFrom);
  const starts = startsOf(text, count);
  const vectorsFrom = bytes.byteOffset + headBytes + count * 4;
  return {
    count,
    numberOf: finderIn({ text, starts, buckets: bucketsOf(text, starts) }),
    vectors: new Int8Array(bytes.buffer, vectorsFrom, count * wordDimensions),
    scales: Float32Array.from({ length: count }, (_, at) => view.getFloat32(headBytes + at * 4)),
  };
}

interface WordList {
  /** The words in ASCII, each closed by a line feed. */
  readonly text: Uint8Array;
  /** Where each word begins in `text`, and behind the last one where it ends. */
  readonly starts: Uint32Array;
  /** Open addressing by `hash`: the number of a word plus one, or 0 where none is. */
  readonly buckets: Uint32Array;
}

/** No strings are kept: 40,000 of them would be the larger part of the table. */
function finderIn({ text, starts, buckets }: WordList): (word: string) => number {
  return (word) => {
    for (let bucket = hash(word); ; bucket += 1) {
      const found = (buckets[bucket & (buckets.length - 1)] ?? 0) - 1;
      if (found === -1) return -1;
      const start = starts[found] ?? 0;
      if ((starts[found + 1] ?? 0) - start - 1 === word.length && isAt(word, text, start)) {
        return found;
      }
    }
  };
}

function isAt(word: string, text: Uint8Array, start: number): boolean {
  for (let at = 0; at < word.length; at += 1) {
    if (text[start + at] !== word.charCodeAt(at)) return false;
  }
  return true;
}

/** FNV-1a. */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) {
    value = Math.imul(value ^ word.charCodeAt(at), 0x01000193);
  }
  return (value ^ (value >>> 15)) >>> 0;
}

function startsOf(text: Uint8Array, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1);
  let words = 0;
  for (const [at, letter] of text.entries()) {
    if (letter !== lineFeed) continue;
    words += 1;
    if (words <= count) starts[words] = at + 1;
  }
  if (words === count) return starts;
  throw new Error(`The table of word vectors has ${words} words instead of ${count}.`);
}

function bucketsOf(text: Uint8Array, starts: Uint32Array): Uint32Array {
  const buckets = new Uint32Array(2 ** Math.ceil(Math.log2(starts.length * 2)));
  const letters = new TextDecoder('latin1').decode(text);
  for (let word = 0; word < starts.length - 1; word += 1) {
    let bucket = hash(letters.slice(starts[word], (starts[word + 1] ?? 0) - 1));
    while (buckets[bucket & (buckets.length - 1)] !== 0) bucket += 1;
    buckets[bucket & (buckets.length - 1)] = word + 1;
  }
  return buckets;
}

/** The bytes that `decodeWordVectors` reads; `words` are ASCII, the most frequent first. */
export function encodeWordVectors(
  words: readonly string[],
  { vectors, scales }: Pick<WordVectors, 'vectors' | 'scales'>,
): Uint8Array {
  const text = new TextEncoder().encode(words.map((word) => `${word}\n`).join(''));
  const vectorsFrom = headBytes + scales.length * 4;
  const bytes = new Uint8Array(vectorsFrom + vectors.length + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  view.setUint32(4, scales.length);
  for (const [at, scale] of scales.entries()) view.setFloat32(headBytes + at * 4, scale);
  bytes.set(new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.length), vectorsFrom);
  bytes.set(text, vectorsFrom + vectors.length);
  return bytes;
}
