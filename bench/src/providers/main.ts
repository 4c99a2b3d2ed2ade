import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureCpu } from './measure-cpu.ts';
import { measureLatency } from './measure-latency.ts';
import { measureMemory } from './measure-memory.ts';
import { measureStreams } from './measure-streams.ts';
import { startPeer } from './subjects/start-peer.ts';
import {
  directSubjects,
  startProvidersAlone,
  startWholeMosaic,
} from './subjects/start-subjects.ts';
import { startVendor } from './subjects/start-vendor.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    'without-peer': { type: 'boolean', default: false },
    /** For the memory; fewer when the machine is busy. */
    requests: { type: 'string' },
  },
});

const plan = values.quick
  ? {
      rounds: 30,
      cpu: { blocks: 1, requests: 100 },
      streams: { streams: 50, parts: 40, paceMs: 50 },
      requests: 2_000,
    }
  : {
      rounds: 1_000,
      cpu: { blocks: 10, requests: 300 },
      streams: { streams: 500, parts: 100, paceMs: 50 },
      requests: 100_000,
    };
/** Answers that come at once, in a few pieces. */
const shortAnswer = {
  vendor: 'openai' as const,
  chunks: ['The', ' capital', ' is', ' Canberra', '.'],
  times: 10_000_000,
};

await using vendor = await startVendor();
await using whole = await startWholeMosaic(vendor);
await using alone = await startProvidersAlone(vendor);
await using peer = values['without-peer'] ? undefined : await startPeer(vendor);
if (peer === undefined)
  console.log('Without the peer: it is not asked for or can not be installed.');
const subjects = [...directSubjects(vendor), whole, alone, ...(peer ? [peer] : [])];

const measurements = {
  latency: () => measureLatency(subjects, plan.rounds),
  cpu: () => measureCpu(subjects, plan.cpu),
  streams: async () => {
    const isWhole = await measureStreams({ subjects, vendor }, plan.streams);
    if (!isWhole) process.exitCode = 1;
  },
  async memory() {
    for (const subject of subjects.filter(({ processes }) => processes.length > 0)) {
      await measureMemory(subject, Number(values.requests ?? plan.requests));
    }
  },
};
const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ');

console.log(`${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}`);
for (const [name, measure] of Object.entries(measurements)) {
  if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
  console.log(`\n## ${name}\n\nLoad before: ${load()}\n`);
  await vendor.setScripts([shortAnswer]);
  await measure();
  console.log(`\nLoad after: ${load()}`);
}
