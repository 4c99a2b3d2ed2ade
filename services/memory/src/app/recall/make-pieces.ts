import type { WordVectors } from '@mosaic/word-vectors';
import { staticMeaning } from './static-meaning.ts';
import { cutText } from './text/cut-text.ts';
import { detectLanguage } from './text/detect-language.ts';

/** A text as search keeps it. */
export interface Piece {
  readonly text: string;
  readonly chunk: number;
  readonly language: string;
  readonly meaning: Int8Array | null;
}

/** Cuts a text, and tells its language from the whole of it. */
export function makePieces(whole: string, table: WordVectors): readonly Piece[] {
  const language = detectLanguage(whole);
  return cutText(whole).map((text, chunk) => ({
    text,
    chunk,
    language,
    meaning: staticMeaning(text, language, table),
  }));
}
