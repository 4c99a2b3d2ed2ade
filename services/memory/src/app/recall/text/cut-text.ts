/** A question lands on few words: in a long answer they would drown among thousands. */
const wantedWords = 80;
/** Shorter texts stay whole: a rest of a dozen words says little alone. */
const mostWords = 120;

/** Ends of lines and of sentences, also of those in scripts without blanks. */
const sentence = /[^\n.!?。！？]*(?:[.!?]+(?=\s|$)\s*|[。！？]+|\n\s*|[.!?]+|$)/gu;
const spacedWord = /\s+/u;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;

/**
 * Cuts a text into pieces of about 80 words at the ends of its lines and sentences. Joined, they are
 * the text again, but for white space at the edges; a text without words gives none.
 */
export function cutText(text: string): readonly string[] {
  const whole = text.trim();
  if (whole === '') return [];
  if (countWords(whole) <= mostWords) return [whole];
  const pieces: string[] = [];
  let piece = '';
  let words = 0;
  for (const part of partsOf(whole)) {
    const count = countWords(part);
    if (words > 0 && words + count > wantedWords) {
      pieces.push(piece.trim());
      piece = '';
      words = 0;
    }
    piece += part;
    words += count;
  }
  if (piece.trim() !== '') pieces.push(piece.trim());
  return pieces;
}

/** Sentences and lines; what is longer than a piece (tables, code, no punctuation) is cut hard. */
function partsOf(text: string): readonly string[] {
  const parts = [...text.matchAll(sentence)].map(([part]) => part).filter((part) => part !== '');
  return parts.flatMap((part) => (countWords(part) > mostWords ? cutHard(part) : [part]));
}

/** About as many characters as the wanted words have; never between two halves of one character. */
function cutHard(part: string): readonly string[] {
  const characters = [...part];
  const length = Math.max(1, Math.floor((characters.length * wantedWords) / countWords(part)));
  const pieces: string[] = [];
  for (let from = 0; from < characters.length; from += length) {
    pieces.push(characters.slice(from, from + length).join(''));
  }
  return pieces;
}

/** Two characters of a script without blanks count as one word. */
function countWords(text: string): number {
  const dense = text.match(unspaced)?.length ?? 0;
  const spaced = text.replace(unspaced, ' ').split(spacedWord).filter(Boolean).length;
  return spaced + Math.ceil(dense / 2);
}
