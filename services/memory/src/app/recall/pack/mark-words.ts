import type { Question } from '../rank/read-question.ts';
import { splitWords } from '../text/split-words.ts';
import { stemWord } from '../text/stemmers.ts';

const longestExcerpt = 220;
const leadIn = 60;

/**
 * The part of a text where most words of a question stand together, those words between « and »; also
 * other forms of them ("plays" for "play").
 */
export function markWords(text: string, language: string, question: Question): string {
  const asked = new Set(question.words.map(({ word }) => word));
  const stems = new Set([...asked].map((word) => stemWord(word, language)));
  const hits = splitWords(text).filter(
    ({ word }) => asked.has(word) || stems.has(stemWord(word, language)),
  );
  const from = excerptStart(
    text,
    hits.map(({ at }) => at),
  );
  const to = Math.min(text.length, from + longestExcerpt);
  let marked = from > 0 ? '… ' : '';
  let done = from;
  for (const run of joined(hits, text)) {
    if (run.at < done || run.at + run.length > to) continue;
    marked += `${text.slice(done, run.at)}«${text.slice(run.at, run.at + run.length)}»`;
    done = run.at + run.length;
  }
  return `${marked}${text.slice(done, to)}${to < text.length ? ' …' : ''}`;
}

/** Overlapping pairs of characters, and neighbours without anything between, share their marks. */
function joined(hits: readonly { at: number; length: number }[], text: string) {
  const runs: { at: number; length: number }[] = [];
  for (const { at, length } of hits) {
    const last = runs.at(-1);
    if (last === undefined || at > last.at + last.length) runs.push({ at, length });
    else last.length = Math.max(last.length, at + length - last.at);
  }
  return runs.filter(({ length, at }) => text.slice(at, at + length).trim() !== '');
}

function excerptStart(text: string, places: readonly number[]): number {
  if (text.length <= longestExcerpt) return 0;
  let best = places[0] ?? 0;
  let most = 0;
  for (const at of places) {
    const count = places.filter((one) => one >= at && one < at + longestExcerpt - leadIn).length;
    if (count > most) [best, most] = [at, count];
  }
  const wanted = Math.max(0, best - leadIn);
  if (wanted === 0) return 0;
  const blank = text.indexOf(' ', wanted);
  return blank === -1 || blank > best ? best : blank + 1;
}
