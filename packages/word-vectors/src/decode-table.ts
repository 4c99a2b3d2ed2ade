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

/** Reads the table from the bytes of its file. Throws when they are not one of this shape. */
export function decodeWordVectors(bytes: Uint8Array): WordVectors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.byteLength < headBytes ? 0 : view.getUint32(4);
  const textFrom = headBytes + count * (4 + wordDimensions);
  if (count === 0 || view.getUint32(0) !== magic || textFrom > bytes.byteLength) {
    throw new Error('The table of word vectors is of another shape.');
  }
  const words = new TextDecoder('latin1').decode(bytes.subarray(textFrom)).split('\n');
  if (words.length !== count + 1) {
    throw new Error(`The table of word vectors has ${words.length - 1} words instead of ${count}.`);
  }
  const numbers = new Map(words.slice(0, count).map((word, number) => [word, number]));
  const vectorsFrom = bytes.byteOffset + headBytes + count * 4;
  return {
    count,
    numberOf: (word) => numbers.get(word) ?? -1,
    vectors: new Int8Array(bytes.buffer, vectorsFrom, count * wordDimensions),
    scales: Float32Array.from({ length: count }, (_, at) => view.getFloat32(headBytes + at * 4)),
  };
}
