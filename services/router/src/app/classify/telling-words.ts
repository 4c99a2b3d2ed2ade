import { type TaskType, taskTypes } from '@mosaic/proto';
import { hashOn, hashStep, type Space, slotOf, spaceCode, startOf } from './hash-feature.ts';
import type { TaskWeights } from './task-model.ts';
import type { TextFeatures } from './text-features.ts';

/** So many words and pairs are asked for what they say; a request is rarely longer. */
const mostAsked = 120;
const mostNamed = 3;
const mostChars = 40;

/** Words that tell people nothing when they are named alone or with each other. */
const unsaying = new Set(
  'the a an of to in for and or on at by with do does be my me i you it is are s'.split(' '),
);

interface Named {
  readonly name: string;
  readonly worth: number;
}

/** For which task it is asked, and by which weights. */
interface Chosen {
  readonly task: TaskType;
  readonly model: TaskWeights;
}

/** The words and pairs that speak most for `task` against the average of the others, strongest first. */
export function tellingWords({ words }: Pick<TextFeatures, 'words'>, chosen: Chosen): string[] {
  const asked = words.slice(0, mostAsked);
  const say = asked.map((word) => /\p{L}/u.test(word) && !unsaying.has(word));
  const best: Named[] = [];
  for (const [at, word] of asked.entries()) {
    if (say[at] === true) keepBest(best, [word], chosen);
  }
  for (let at = 0; at + 1 < asked.length; at += 1) {
    const pair = [asked[at] ?? '', asked[at + 1] ?? ''] as const;
    if (say[at] === true || say[at + 1] === true) keepBest(best, pair, chosen);
  }
  return best.map(({ name }) => name.slice(0, mostChars));
}

type WordOrPair = readonly [string] | readonly [string, string];

/** Of equals the first stays in front. Names are only put together for what is among the best. */
function keepBest(best: Named[], words: WordOrPair, chosen: Chosen): void {
  const worth = worthOf(words, chosen);
  if (worth <= (best[mostNamed - 1]?.worth ?? 0)) return;
  const name = words.join(' ');
  if (best.some((one) => one.name === name)) return;
  const place = best.findIndex((one) => one.worth < worth);
  best.splice(place === -1 ? best.length : place, 0, { name, worth });
  if (best.length > mostNamed) best.pop();
}

/** In both spaces where a word or a pair counts. */
function worthOf(words: WordOrPair, chosen: Chosen): number {
  const space: Space = words.length === 1 ? 'word' : 'pair';
  return leadOf(slotIn(space, words), chosen) + leadOf(slotIn('opening', words), chosen);
}

/** The slot of `one two`, without putting the two together. */
function slotIn(space: Space, [one, two]: WordOrPair): number {
  const value = hashOn(startOf(space), one);
  return slotOf(two === undefined ? value : hashOn(hashStep(value, spaceCode), two));
}

/** What a slot says for one task beyond what it says for all. */
function leadOf(slot: number, { model, task }: Chosen): number {
  const { scales, weights } = model;
  const row = slot * taskTypes.length;
  let all = 0;
  for (let column = 0; column < taskTypes.length; column += 1) {
    all += (weights[row + column] ?? 0) * (scales[column] ?? 0);
  }
  const column = taskTypes.indexOf(task);
  return (weights[row + column] ?? 0) * (scales[column] ?? 0) - all / taskTypes.length;
}
