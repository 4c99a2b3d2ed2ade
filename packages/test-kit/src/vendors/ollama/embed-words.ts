import { createHash } from 'node:crypto';

/** Width of nomic-embed-text, the model this stands in for. */
const EMBEDDING_WIDTH = 768;
const PLACES_PER_WORD = 8;

/** Words without their endings, so that "cats" and "cat" share a place. */
function wordsOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => (word.length > 4 ? word.replace(/(?:ing|ed|es|s)$/, '') : word));
}

function addWord(vector: number[], word: string): void {
  const hash = createHash('sha256').update(word).digest();
  for (let place = 0; place < PLACES_PER_WORD; place += 1) {
    const at = hash.readUInt16LE(place * 2) % EMBEDDING_WIDTH;
    const sign = (hash[16 + place] ?? 0) % 2 === 0 ? 1 : -1;
    vector[at] = (vector[at] ?? 0) + sign;
  }
}

/**
 * A unit vector of a text, made by hashing its words: the same text gives the same vector, texts
 * that share words are near each other. It knows nothing of meaning.
 */
export function embedWords(text: string): readonly number[] {
  const vector = new Array<number>(EMBEDDING_WIDTH).fill(0);
  for (const word of wordsOf(text)) addWord(vector, word);
  const length = Math.hypot(...vector);
  if (length === 0) {
    vector[0] = 1;
    return vector;
  }
  return vector.map((value) => value / length);
}
