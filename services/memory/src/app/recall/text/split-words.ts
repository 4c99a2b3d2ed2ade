/** Scripts that put no blanks between words: looked for by their overlapping pairs. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Hangul}]+/gu;
const word = /[\p{L}\p{M}\p{N}]+/gu;
/** A short article before a vowel, as in French and Italian. */
const elision = /^\p{L}{1,2}['’]\p{L}{3,}/u;

/** A word of a text and where it stands there, in UTF-16 units. */
export interface FoundWord {
  readonly word: string;
  readonly at: number;
  readonly length: number;
}

/**
 * The words of a text in order, lower case: letters and digits; "Greta's" without its ending; text of
 * scripts without blanks as overlapping pairs of characters.
 */
export function splitWords(text: string): readonly FoundWord[] {
  const found: FoundWord[] = [];
  for (const { 0: piece, index } of text.matchAll(/[\p{L}\p{M}\p{N}'’ー]+/gu)) {
    for (const part of partsOf(piece)) found.push({ ...part, at: index + part.at });
  }
  return found;
}

function partsOf(piece: string): readonly FoundWord[] {
  if (piece.search(unspaced) === -1) return spacedWords(piece, 0);
  const parts: FoundWord[] = [];
  let from = 0;
  for (const { 0: run, index } of piece.matchAll(unspaced)) {
    parts.push(...spacedWords(piece.slice(from, index), from), ...pairsOf(run, index));
    from = index + run.length;
  }
  return [...parts, ...spacedWords(piece.slice(from), from)];
}

function spacedWords(piece: string, from: number): readonly FoundWord[] {
  const joined = piece.replace(/['’]s?$/iu, '');
  // "don't" is one word of its own; "l'hôtel" is the hotel.
  if (elision.test(joined)) {
    return [...joined.matchAll(word)].map(({ 0: part, index }) => ({
      word: part.toLowerCase(),
      at: from + index,
      length: part.length,
    }));
  }
  const plain = joined.replace(/['’]/g, '').toLowerCase();
  return plain === '' ? [] : [{ word: plain, at: from, length: joined.length }];
}

/** Pairs, and single Chinese characters too: many of those are words. */
function pairsOf(run: string, from: number): readonly FoundWord[] {
  const found: FoundWord[] = [];
  const characters = [...run];
  let at = from;
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1];
    const isWord = characters.length === 1 || /\p{Script=Han}/u.test(character);
    if (isWord) found.push({ word: character.toLowerCase(), at, length: character.length });
    if (next !== undefined) {
      const length = character.length + next.length;
      found.push({ word: `${character}${next}`.toLowerCase(), at, length });
    }
    at += character.length;
  }
  return found;
}
