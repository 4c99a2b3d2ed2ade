// How well memory finds again what was said: LoCoMo (two friends) and BEAM (a user and an assistant),
// asked of the service's own search over its own tables in PGlite. No language model is involved.
//
//   npm run bench:memory [-- --locomo FILE] [--beam FILE] [--ranks OUT.jsonl] [--speed] [--unseen]
//                         [--ollama URL] [--model nomic-embed-text]
//
// With a file, the questions of that file alone are asked. --ranks writes a line for each question,
// for scoring elsewhere. --unseen learns anew without each sample and asks that one (minutes).
// Where an Ollama answers with that model, the same is asked once more with its vectors.
// --speed measures 100,000 rows of 100 users, and exactness against a look at every row.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dataFolder, readBeam, readLocomo, type Sample } from '@mosaic/memory/train/benchmarks';
import { percentileRow, tableHead } from '../percentiles.ts';
import { figuresHead, figuresRow } from './figures.ts';
import { judgeUnseen } from './judge-unseen.ts';
import { measureSpeed } from './measure-speed.ts';
import { openOllama } from './open-ollama.ts';
import { rankSample, type TimedRanking } from './rank-samples.ts';
import { type Stand, startStand, userOf } from './stand.ts';

const { values } = parseArgs({
  options: {
    locomo: { type: 'string' },
    beam: { type: 'string' },
    ranks: { type: 'string' },
    speed: { type: 'boolean' },
    unseen: { type: 'boolean' },
    ollama: { type: 'string', default: 'http://127.0.0.1:11434' },
    model: { type: 'string', default: 'nomic-embed-text' },
  },
});

/** Adversarial questions of LoCoMo ask for what was never said; they are told apart. */
const isAnswerable = ({ sample, question }: TimedRanking) =>
  sample.set === 'beam' || question.category !== '5';

function readSamples(): readonly Sample[] {
  const isChosen = values.locomo !== undefined || values.beam !== undefined;
  // Who wants times alone need not wait for thousands of questions.
  if (!isChosen && values.speed === true && values.unseen !== true) return [];
  if (!isChosen) return [...readLocomo(), ...readBeam()];
  return [
    ...(values.locomo === undefined ? [] : readLocomo(values.locomo)),
    ...(values.beam === undefined ? [] : readBeam(values.beam)),
  ];
}

async function rankAll(stand: Stand, samples: readonly Sample[]): Promise<TimedRanking[]> {
  const rankings: TimedRanking[] = [];
  for (const sample of samples) {
    await stand.write(sample);
    rankings.push(...(await rankSample(stand.recallAt(sample.askedAtMs), sample)));
    console.error(`${sample.set} ${sample.name}: ${sample.questions.length} questions`);
  }
  return rankings;
}

/** The same questions with vectors of an Ollama, where one answers. */
async function rankWithEmbedder(stand: Stand, samples: readonly Sample[]): Promise<void> {
  const { model, ollama: url } = values;
  const opened = await openOllama(stand.store, { model, url });
  if ('missing' in opened) return console.log(`\n${opened.missing}`);
  const rankings: TimedRanking[] = [];
  for (const sample of samples) {
    await opened.fill(userOf(sample));
    const recall = stand.recallAt(sample.askedAtMs, opened.vectors);
    rankings.push(...(await rankSample(recall, sample)));
    console.error(`${sample.set} ${sample.name}: with ${model}`);
  }
  printFigures(rankings, `with ${model}`);
  const { withVector, without } = opened.asked;
  console.log(`\n${withVector} questions were compared by ${model}, ${without} were not.`);
}

function printFigures(rankings: readonly TimedRanking[], how: string): void {
  for (const [set, ofSet = []] of Object.entries(
    Object.groupBy(rankings, (one) => one.sample.set),
  )) {
    console.log(`\n${set}, ${how}\n\n${figuresHead}`);
    console.log(figuresRow('all answerable', ofSet.filter(isAnswerable)));
    const byCategory = Object.groupBy(ofSet, ({ question }) => question.category);
    for (const [category, some = []] of Object.entries(byCategory)) {
      console.log(figuresRow(category, some));
    }
  }
  const times = rankings.map(({ us }) => us / 1_000);
  console.log(`\n${tableHead('ms')}\n${percentileRow('search', times)}`);
}

function writeRanks(path: string, rankings: readonly TimedRanking[]): void {
  const lines = rankings.map(({ sample, number, ids, us }) =>
    JSON.stringify({ sample: sample.name, question: number, ranked: ids, us }),
  );
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
}

const samples = readSamples();
if (samples.length === 0 && values.speed !== true)
  console.log(`No conversations at ${dataFolder}, and none were named.`);
const stand = await startStand();
try {
  const rankings = await rankAll(stand, samples);
  if (values.ranks !== undefined) writeRanks(values.ranks, rankings);
  if (rankings.length > 0) {
    printFigures(rankings, 'as shipped, built-in vectors');
    await rankWithEmbedder(stand, samples);
  }
  if (values.unseen === true) await judgeUnseen(stand, samples);
  if (values.speed === true) await measureSpeed(stand);
} finally {
  await stand.stop();
}
