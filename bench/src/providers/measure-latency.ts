import { percentileRow, tableHead } from '../percentiles.ts';
import type { Subject } from './subjects/subject.ts';

const warmUp = 30;
const kinds = [
  { label: 'whole answer', isStreamed: false },
  { label: 'first byte', isStreamed: true },
] as const;

type Label = (typeof kinds)[number]['label'];
type Times = Record<Label, number[]>;

/**
 * Time to a whole answer and to the first byte of a streamed one, one request at a time. All ways take
 * turns, so that a busy moment meets all of them, and each round in another order: what one has to do
 * after its answer (the ledger) falls into the time of the next one.
 */
export async function measureLatency(subjects: readonly Subject[], rounds: number): Promise<void> {
  const times = new Map<string, Times>();
  for (const { name } of subjects) times.set(name, { 'whole answer': [], 'first byte': [] });
  for (let round = 0; round < rounds + warmUp; round += 1) {
    for (const subject of shuffled(subjects)) {
      const measured = await askOnce(subject);
      const own = times.get(subject.name);
      if (round < warmUp || own === undefined) continue;
      for (const [label, ms] of measured) own[label].push(ms);
    }
  }
  console.log(tableHead('ms'));
  for (const { label } of kinds) printRows(subjects, times, label);
}

function printRows(
  subjects: readonly Subject[],
  times: ReadonlyMap<string, Times>,
  label: Label,
): void {
  const samplesOf = (name: string) => times.get(name)?.[label] ?? [];
  for (const { name } of subjects) printRow(`${name}: ${label}`, samplesOf(name));
  for (const { name, over } of subjects) {
    if (over === null) continue;
    const direct = samplesOf(over);
    const added = samplesOf(name).map((ms, index) => ms - (direct[index] ?? 0));
    printRow(`**${name}: added, ${label}**`, added);
  }
}

function shuffled(subjects: readonly Subject[]): readonly Subject[] {
  return subjects
    .map((subject) => ({ subject, place: Math.random() }))
    .sort((left, right) => left.place - right.place)
    .map(({ subject }) => subject);
}

async function askOnce(subject: Subject): Promise<[Label, number][]> {
  const measured: [Label, number][] = [];
  for (const { label, isStreamed } of kinds) {
    if (!isStreamed && !subject.hasUnary) continue;
    measured.push([label, (await subject.ask(isStreamed)).firstByteMs]);
  }
  return measured;
}

function printRow(name: string, samples: readonly number[]): void {
  if (samples.length > 0) console.log(percentileRow(name, samples));
}
