import { setTimeout } from 'node:timers/promises';
import { inParallel } from './in-parallel.ts';
import { readUse } from './processes.ts';
import type { Subject } from './subjects/subject.ts';

export interface CpuPlan {
  /** Blocks of each way; all ways take turns. */
  readonly blocks: number;
  readonly requests: number;
}

const width = 8;
const kinds = [
  { name: 'whole', isStreamed: false },
  { name: 'streamed', isStreamed: true },
] as const;

/** CPU time per request in the processes of each way, and how many requests it answers in a second. */
export async function measureCpu(subjects: readonly Subject[], plan: CpuPlan): Promise<void> {
  const sums = new Map<string, { cpuMs: number[]; tookMs: number; requests: number }>();
  for (let block = 0; block <= plan.blocks; block += 1) {
    for (const subject of subjects) {
      for (const { name, isStreamed } of kinds) {
        if (!isStreamed && !subject.hasUnary) continue;
        const used = await useOf(subject, plan.requests, isStreamed);
        // The first block warms up.
        if (block === 0) continue;
        const key = `${subject.name}: ${name}`;
        const sum = sums.get(key) ?? { cpuMs: used.cpuMs.map(() => 0), tookMs: 0, requests: 0 };
        sums.set(key, {
          cpuMs: sum.cpuMs.map((ms, index) => ms + (used.cpuMs[index] ?? 0)),
          tookMs: sum.tookMs + used.tookMs,
          requests: sum.requests + plan.requests,
        });
      }
    }
  }
  console.log('| what | n | CPU ms per request | of which | requests per s |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const [key, { cpuMs, tookMs, requests }] of sums) {
    const subject = subjects.find(({ name }) => key.startsWith(`${name}: `));
    const each = cpuMs.map((ms) => ms / requests);
    const total = each.reduce((left, right) => left + right, 0).toFixed(2);
    const parts = subject?.processes.map(({ name }, i) => `${name} ${(each[i] ?? 0).toFixed(2)}`);
    const perSecond = ((requests * 1_000) / tookMs).toFixed(0);
    console.log(`| ${key} | ${requests} | ${total} | ${parts?.join(', ')} | ${perSecond} |`);
  }
}

async function useOf(subject: Subject, requests: number, isStreamed: boolean) {
  const before = cpuOf(subject);
  const startedAt = performance.now();
  await inParallel({ times: requests, width }, () => subject.ask(isStreamed));
  const tookMs = performance.now() - startedAt;
  await untilQuiet(subject);
  return { tookMs, cpuMs: cpuOf(subject).map((ms, index) => ms - (before[index] ?? 0)) };
}

export function cpuOf(subject: Subject): number[] {
  return subject.processes.map(({ pid }) => readUse(pid).cpuMs);
}

const quietForMs = 400;
const longestWaitMs = 60_000;

/** What goes on after the answers (the ledger, collecting garbage) belongs to them: waits for its end. */
export async function untilQuiet(subject: Subject): Promise<void> {
  const until = performance.now() + longestWaitMs;
  while (performance.now() < until) {
    const before = sumOf(cpuOf(subject));
    await setTimeout(quietForMs);
    if (sumOf(cpuOf(subject)) - before < quietForMs * 0.06) return;
  }
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((left, right) => left + right, 0);
}
