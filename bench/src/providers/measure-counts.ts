import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { startWholeMosaic } from './subjects/start-subjects.ts';
import type { VendorProcess } from './subjects/start-vendor.ts';
import type { Subject } from './subjects/subject.ts';

const counter = fileURLToPath(new URL('subjects/count-wire.mjs', import.meta.url));
const warmUp = 20;
const requests = 200;
/** Longer than a start waits for the end of its call. */
const settleMs = 4_000;
/** Below this it is what goes on beside the requests. */
const leastPerRequest = 0.02;

type Counts = Readonly<Record<string, number>>;

/**
 * What the services write for one request at a time: messages to NATS, statements to PostgreSQL, commands
 * to Redis. What they write without being asked is counted afterwards for as long, and taken off.
 */
export async function measureCounts(vendor: VendorProcess, checkout?: string): Promise<void> {
  const directory = await temporaryDirectory();
  const file = join(directory.path, 'counts.json');
  const environment = {
    ...vendor.environment,
    NODE_OPTIONS: `--import ${counter}`,
    COUNT_FILE: file,
  };
  const mosaic = await startWholeMosaic({ ...vendor, environment }, checkout);
  try {
    console.log(`| ${mosaic.name} | whole | streamed |\n| --- | --- | --- |`);
    const whole = await countsOf(mosaic, file, false);
    const streamed = await countsOf(mosaic, file, true);
    const names = [...new Set([...Object.keys(whole), ...Object.keys(streamed)])].sort();
    const shown = (counts: Counts, name: string) => (counts[name] ?? 0).toFixed(2);
    for (const name of names) {
      const isSeldom = Math.max(whole[name] ?? 0, streamed[name] ?? 0) < leastPerRequest;
      if (!isSeldom) console.log(`| ${name} | ${shown(whole, name)} | ${shown(streamed, name)} |`);
    }
  } finally {
    await mosaic[Symbol.asyncDispose]();
    await directory.remove();
  }
}

async function countsOf(mosaic: Subject, file: string, isStreamed: boolean): Promise<Counts> {
  for (let made = 0; made < warmUp; made += 1) await mosaic.ask(isStreamed);
  await setTimeout(settleMs);
  const before = await readCounts(mosaic, file);
  const startedAt = performance.now();
  for (let made = 0; made < requests; made += 1) await mosaic.ask(isStreamed);
  await setTimeout(settleMs);
  const after = await readCounts(mosaic, file);
  await setTimeout(performance.now() - startedAt);
  const idle = await readCounts(mosaic, file);
  const perRequest = Object.entries(idle).map(([name, last]): [string, number] => {
    const middle = after[name] ?? 0;
    return [name, (middle - (before[name] ?? 0) - (last - middle)) / requests];
  });
  return Object.fromEntries(perRequest);
}

async function readCounts(mosaic: Subject, file: string): Promise<Counts> {
  await rm(file, { force: true });
  const services = mosaic.processes.find(({ name }) => name === 'services');
  if (services === undefined) throw new Error('The services have no process.');
  process.kill(services.pid, 'SIGUSR2');
  return await waitFor(
    async () => JSON.parse(await readFile(file, 'utf8').catch(() => 'null')) ?? undefined,
    { what: 'the counts' },
  );
}
