import { splitWords } from '../text/split-words.ts';
import { stemWord } from '../text/stemmers.ts';
import { stopWordsOf } from '../text/stop-words.ts';

/** The terms of one user's passages: stems, numbered in the order in which they were met. */
export interface Vocabulary {
  /** Terms of a text in order, new ones are taken in. */
  readonly take: (text: string, language: string) => Int32Array;
  /** The term of a word in a language, or -1 where the user never used it. */
  readonly find: (word: string, language: string) => number;
  /** A form in which each term was met, for tables of whole words. */
  readonly forms: readonly string[];
  /** Languages met so far. */
  readonly languages: ReadonlySet<string>;
  /** Characters of all words that are kept, in any form. */
  readonly characters: number;
}

const nothing = -1;

export function makeVocabulary(): Vocabulary {
  const numbers = new Map<string, number>();
  const forms: string[] = [];
  const languages = new Set<string>();
  let characters = 0;
  /** Stemming is the dear part, and people use few words: each is stemmed once a language. */
  const known = new Map<string, Map<string, number>>();

  const takeWord = (word: string, language: string) => {
    const stem = stemWord(word, language);
    let number = numbers.get(stem);
    if (number === undefined) {
      number = forms.length;
      numbers.set(stem, number);
      forms.push(word);
    }
    return number;
  };

  return {
    forms,
    languages,
    get characters() {
      return characters;
    },
    take(text, language) {
      languages.add(language);
      const words = known.get(language) ?? new Map<string, number>();
      known.set(language, words);
      const stops = stopWordsOf(language);
      const terms: number[] = [];
      for (const { word } of splitWords(text)) {
        let term = words.get(word);
        if (term === undefined) {
          term = stops.has(word) ? nothing : takeWord(word, language);
          words.set(word, term);
          characters += word.length;
        }
        if (term !== nothing) terms.push(term);
      }
      return Int32Array.from(terms);
    },
    find: (word, language) => numbers.get(stemWord(word, language)) ?? nothing,
  };
}
