import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCounts } from './measure-counts.ts';
import { measureCpu } from './measure-cpu.ts';
import { measureLatency } from './measure-latency.ts';
import { measureMemory } from './measure-memory.ts';
import { measureStreams } from './measure-streams.ts';
import { Started } from './started.ts';
import { startPeer } from './subjects/start-peer.ts';
import {
  directSubjects,
  startProvidersAlone,
  startWholeMosaic,
} from './subjects/start-subjects.ts';
import { startVendor, type VendorProcess } from './subjects/start-vendor.ts';
import type { Subject } from './subjects/subject.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    subject: { type: 'string', default: '' },
    'without-peer': { type: 'boolean', default: false },
    /** Another checkout, with its dependencies, that is measured in the same turns. */
    beside: { type: 'string' },
    /** Of the latency, and of the CPU. */
    rounds: { type: 'string' },
    blocks: { type: 'string' },
    /** For the memory; fewer when the machine is busy. */
    requests: { type: 'string' },
  },
});

const other = values.beside === undefined ? undefined : resolve(values.beside);
const plan = values.quick
  ? {
      rounds: 30,
      cpu: { blocks: 1, requests: 100 },
      streams: { streams: 50, parts: 40, paceMs: 50, beginMs: 500 },
      requests: 2_000,
    }
  : {
      rounds: 1_000,
      cpu: { blocks: 10, requests: 300 },
      streams: { streams: 500, parts: 100, paceMs: 100, beginMs: 2_000 },
      requests: 100_000,
    };
/** Answers that come at once, in a few pieces. */
const shortAnswer = {
  vendor: 'openai' as const,
  chunks: ['The', ' capital', ' is', ' Canberra', '.'],
  times: 10_000_000,
};

const started = new Started();
await started.during(async () => {
  const vendor = await started.keep(startVendor());
  const alone = await started.keep(startProvidersAlone(vendor));
  const whole = await started.keep(startWholeMosaic(vendor));
  const before =
    other === undefined
      ? []
      : [
          await started.keep(startWholeMosaic(vendor, other)),
          await started.keep(startProvidersAlone(vendor, other)),
        ];
  const peer = values['without-peer'] ? undefined : await started.keep(startPeer(vendor));
  const others = peer === undefined ? [] : [peer];
  await measureAll(vendor, [...directSubjects(vendor), whole, alone, ...before, ...others]);
});

async function measureAll(vendor: VendorProcess, subjects: readonly Subject[]): Promise<void> {
  const measured = subjects.filter(
    ({ name, processes }) =>
      processes.length > 0 && name.toLowerCase().includes(values.subject.toLowerCase()),
  );
  const measurements = {
    latency: () => measureLatency(subjects, Number(values.rounds ?? plan.rounds)),
    async counts() {
      await measureCounts(vendor);
      if (other !== undefined) await measureCounts(vendor, other);
    },
    cpu: () =>
      measureCpu(measured, { ...plan.cpu, blocks: Number(values.blocks ?? plan.cpu.blocks) }),
    async streams() {
      const isWhole = await measureStreams({ subjects, vendor }, plan.streams);
      if (!isWhole) process.exitCode = 1;
    },
    async memory() {
      const requests = Number(values.requests ?? plan.requests);
      for (const subject of measured) await measureMemory(subject, requests);
    },
  };
  console.log(`${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}`);
  if (!subjects.some(({ name }) => name.startsWith('Portkey')))
    console.log('Without the peer: not asked for, or it can not be installed.');
  for (const [name, measure] of Object.entries(measurements)) {
    if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
    console.log(`\n## ${name}\n\nLoad before: ${load()}\n`);
    await vendor.setScripts([shortAnswer]);
    await measure();
    console.log(`\nLoad after: ${load()}`);
  }
}

function load(): string {
  return readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ');
}
