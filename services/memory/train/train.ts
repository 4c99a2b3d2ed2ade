import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ranker, Weights } from '../src/app/recall/rank/ranker.ts';
import { dataFolder, readBeam, readLocomo } from './benchmarks.ts';
import { fitRanker } from './fit-ranker.ts';
import { lessonsOf } from './lessons.ts';
import { countsOf, learned, setByHand } from './ranker-settings.ts';

const rankerFile = join(import.meta.dirname, '..', 'model', 'ranker.json');

const samples = [...readLocomo(), ...readBeam()];
if (samples.length === 0) {
  console.error(`No conversations at ${dataFolder}: there is nothing to learn from.`);
  process.exit(1);
}
const startedMs = performance.now();
const lessons = samples.flatMap((sample) => lessonsOf(sample));
const names = learned(Object.keys(lessons[0]?.columns ?? {}));
const fitted = fitRanker(lessons, { names, weightOf: countsOf });
const rounded = (weights: Weights) =>
  Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => [name, Number(weight.toPrecision(5))]),
  );
const ranker: Ranker = {
  assistant: { ...rounded(fitted.assistant), ...setByHand },
  named: { ...rounded(fitted.named), ...setByHand },
};
writeFileSync(rankerFile, `${JSON.stringify(ranker, null, 2)}\n`);
const seconds = (performance.now() - startedMs) / 1_000;
console.log(
  `${lessons.length} questions of ${samples.length} samples, ${names.length} weights, ${seconds.toFixed(0)} s: ${rankerFile}`,
);
