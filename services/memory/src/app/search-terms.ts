/** What to look for: words, and pieces of scripts that put no blanks between words. */
export interface SearchTerms {
  /** Lower case, letters and digits only: safe in the text of a tsquery. */
  readonly words: readonly string[];
  /** Runs of at most two characters: a longer run is looked for by its overlapping pairs. */
  readonly pieces: readonly string[];
}

const maxTerms = 32;
const word = /[\p{L}\p{M}\p{N}]+/gu;
/** PostgreSQL's parser takes a whole sentence of these for one word. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;

export function searchTerms(query: string): SearchTerms {
  const text = query.toLowerCase();
  const pieces = [...text.matchAll(unspaced)].flatMap(([run]) => pairsOf(run));
  const words = [...text.replace(unspaced, ' ').matchAll(word)].map(([found]) => found);
  return {
    words: [...new Set(words)].slice(0, maxTerms),
    pieces: [...new Set(pieces)].slice(0, maxTerms),
  };
}

function pairsOf(run: string): readonly string[] {
  const characters = [...run];
  if (characters.length <= 2) return [run];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

/** Puts « and » around the pieces that occur in `excerpt`; overlapping ones share one pair of marks. */
export function markPieces(excerpt: string, pieces: readonly string[]): string {
  const isFound = new Array<boolean>(excerpt.length).fill(false);
  for (const piece of pieces) {
    let at = excerpt.indexOf(piece);
    for (; at !== -1; at = excerpt.indexOf(piece, at + 1)) {
      isFound.fill(true, at, at + piece.length);
    }
  }
  let marked = '';
  for (let index = 0; index < excerpt.length; index += 1) {
    const begins = isFound[index] === true && isFound[index - 1] !== true;
    const ends = isFound[index] !== true && isFound[index - 1] === true;
    marked += `${begins ? '«' : ''}${ends ? '»' : ''}${excerpt[index]}`;
  }
  return isFound.at(-1) === true ? `${marked}»` : marked;
}
