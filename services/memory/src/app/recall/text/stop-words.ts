import { smallWords } from './detect-language.ts';

/** English words that say nothing about what a sentence is about, as `splitWords` gives them. */
const english =
  'a about after again all also am an and any are as at be because been before being but by can could did do does doing done dont during each even few for from further get gets getting going gonna got had has have having he her here hers herself him himself his how i if im in into is it its itself ive just know lets like lot make many may me might more most much must my myself no nor not now of off oh on once one only or other our ours out over own please really same she should so some such sure than that thats the their theirs them themselves then there these they thing things this those through to too under until up us very was we were what when where which while who whom whose why will with would yeah yes you your youre yours yourself tell said say did didnt doesnt isnt wasnt cant';

const stopWords: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({ ...smallWords, en: english, und: english }).map(([language, words]) => [
    language,
    new Set(words.split(' ')),
  ]),
);

const none: ReadonlySet<string> = new Set();

/** The words of a language that are left out of an index and of questions. */
export function stopWordsOf(language: string): ReadonlySet<string> {
  return stopWords.get(language) ?? none;
}
