import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { percentileRow, tableHead } from '../percentiles.ts';
import { cpuOf, sumOf, untilQuiet } from './measure-cpu.ts';
import type { VendorProcess } from './subjects/start-vendor.ts';
import type { Answer, Subject } from './subjects/subject.ts';

export interface StreamPlan {
  readonly streams: number;
  readonly parts: number;
  /** Between two parts of one stream. */
  readonly paceMs: number;
  /** They begin evenly within this time, which is shorter than one of them takes. */
  readonly beginMs: number;
}

interface Outcome {
  readonly subject: Subject;
  readonly answers: readonly Answer[];
  readonly failures: readonly string[];
  readonly lostParts: number;
  readonly cpuMs: number;
}

/**
 * So many streams at once, each with a text of its own: what arrives must be exactly those texts, each
 * once, by their hashes. Resolves with whether it was so for all.
 */
export async function measureStreams(
  { subjects, vendor }: { readonly subjects: readonly Subject[]; readonly vendor: VendorProcess },
  plan: StreamPlan,
): Promise<boolean> {
  const outcomes: Outcome[] = [];
  for (const subject of subjects) outcomes.push(await runStreams(subject, vendor, plan));
  const idealS = ((plan.parts * plan.paceMs) / 1_000).toFixed(1);
  console.log(
    `${plan.streams} streams of ${plan.parts} parts, one each ${plan.paceMs} ms, begun within ${plan.beginMs} ms.\n`,
  );
  console.log('| what | whole | failed | lost parts | CPU ms per stream | µs per part |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const outcome of outcomes) console.log(lossRow(outcome, plan));
  console.log(`\nWithout any delay the last part comes after ${idealS} s.\n\n${tableHead('ms')}`);
  for (const { subject, answers } of outcomes) {
    const firstMs = answers.map((answer) => answer.firstByteMs);
    const lastMs = answers.map((answer) => answer.totalMs);
    console.log(percentileRow(`${subject.name}: first byte`, firstMs, 0));
    console.log(percentileRow(`${subject.name}: last byte`, lastMs, 0));
  }
  return outcomes.every(({ failures, lostParts }) => lostParts + failures.length === 0);
}

async function runStreams(
  subject: Subject,
  vendor: VendorProcess,
  { streams, parts, paceMs, beginMs }: StreamPlan,
): Promise<Outcome> {
  const scripts = Array.from({ length: streams }, (_, stream) =>
    Array.from({ length: parts }, (_, part) => `s${stream}p${part} `),
  );
  await vendor.setScripts(scripts.map((chunks) => ({ vendor: 'openai', chunks, paceMs })));
  const before = sumOf(cpuOf(subject));
  const begin = async (index: number) => {
    await setTimeout((index * beginMs) / streams);
    return subject.ask(true);
  };
  const settled = await Promise.allSettled(scripts.map((_, index) => begin(index)));
  await untilQuiet(subject);
  const answers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failures = settled.flatMap((one) =>
    one.status === 'rejected' ? [String(one.reason)] : [],
  );
  const sent = new Map(scripts.map((chunks) => [hashOf(chunks.join('')), chunks]));
  for (const { text } of answers) sent.delete(hashOf(text));
  const arrived = new Set(answers.flatMap(({ text }) => text.split(' ')));
  const missing = [...sent.values()].flat().filter((part) => !arrived.has(part.trim()));
  // A text that differs without lacking a word (order, doubles) is lost as a whole.
  const lostParts = sent.size === 0 ? 0 : Math.max(missing.length, sent.size);
  return { subject, answers, failures, lostParts, cpuMs: sumOf(cpuOf(subject)) - before };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function lossRow({ subject, answers, failures, lostParts, cpuMs }: Outcome, plan: StreamPlan) {
  const [first] = failures;
  const failed = first === undefined ? '0' : `${failures.length} (${first.slice(0, 120)})`;
  const isDirect = subject.processes.length === 0;
  const perStream = isDirect ? '–' : (cpuMs / plan.streams).toFixed(1);
  const perPart = isDirect ? '–' : ((cpuMs * 1_000) / plan.streams / plan.parts).toFixed(0);
  return `| ${subject.name} | ${answers.length} | ${failed} | ${lostParts} | ${perStream} | ${perPart} |`;
}
