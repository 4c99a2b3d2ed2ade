import { setTimeout } from 'node:timers/promises';
import { inParallel } from './in-parallel.ts';
import { readUse } from './processes.ts';
import type { Subject } from './subjects/subject.ts';

const width = 16;
const steps = 20;
/** Between two steps, so that what is only busy is not taken for what stays. */
const restMs = 1_000;

/**
 * Resident memory while so many requests are answered, every second one streamed: a row for each
 * twentieth of them. Flat means that the later rows do not rise, not that the first one equals the last:
 * the first thousands fill caches and let the compiler work.
 */
export async function measureMemory(subject: Subject, requests: number): Promise<void> {
  const names = subject.processes.map(({ name }) => `${name} MB`);
  console.log(`${subject.name}:\n\n| requests | ${names.join(' | ')} | per s |`);
  console.log(`| --- | ${names.map(() => '---').join(' | ')} | --- |`);
  console.log(row(subject, 0, ''));
  const perStep = Math.ceil(requests / steps);
  const series: number[][] = [];
  for (let step = 1; step <= steps; step += 1) {
    const startedAt = performance.now();
    const ask = (index: number) => subject.ask(index % 2 === 0 || !subject.hasUnary);
    await inParallel({ times: perStep, width }, ask);
    const perSecond = ((perStep * 1_000) / (performance.now() - startedAt)).toFixed(0);
    await setTimeout(restMs);
    series.push(memoryOf(subject));
    console.log(row(subject, step * perStep, perSecond));
  }
  const slopes = subject.processes.map(({ name }, index) => {
    const later = series.slice(series.length / 2).map((values) => values[index] ?? 0);
    const perRequest = slopeOf(later) / perStep;
    return `${name} ${(perRequest * 100_000).toFixed(1)}`;
  });
  console.log(`\nRise over the second half, in MB per 100,000 requests: ${slopes.join(', ')}.\n`);
}

function memoryOf(subject: Subject): number[] {
  return subject.processes.map(({ pid }) => readUse(pid).rssMb);
}

function row(subject: Subject, requests: number, perSecond: string): string {
  const cells = memoryOf(subject).map((mb) => mb.toFixed(0));
  return `| ${requests.toLocaleString('en')} | ${cells.join(' | ')} | ${perSecond} |`;
}

/** Of the straight line nearest to equally distant values, per step. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((left, right) => left + right, 0) / values.length;
  let up = 0;
  let across = 0;
  for (const [index, value] of values.entries()) {
    up += (index - middle) * (value - mean);
    across += (index - middle) ** 2;
  }
  return up / across;
}
