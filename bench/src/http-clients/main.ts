import { parseArgs } from 'node:util';
import { inParallel } from '../providers/in-parallel.ts';
import { startVendor } from '../providers/subjects/start-vendor.ts';
import { chatWire } from '../providers/subjects/wires.ts';
import { findHttpClients, type HttpClient } from './clients.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const rounds = values.quick ? 3 : 30;
const requests = values.quick ? 40 : 200;
const width = 8;
const kinds = [
  { name: 'whole answer', parts: 5, isStreamed: false },
  { name: 'stream of 5 parts', parts: 5, isStreamed: true },
  { name: 'stream of 100 parts', parts: 100, isStreamed: true },
] as const;
type Kind = (typeof kinds)[number];

await using vendor = await startVendor();
const url = `${vendor.url}/chat/completions`;
const wire = chatWire();

async function ask(client: HttpClient, { isStreamed }: Kind): Promise<void> {
  const response = await client.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test-key' },
    body: JSON.stringify(wire.body(isStreamed)),
    signal: new AbortController().signal,
  });
  if (!response.ok || response.body === null) throw new Error(`${response.status}`);
  if (!isStreamed) await response.json();
  else for await (const chunk of response.body) if (chunk.length === 0) throw new Error('empty');
}

/** CPU of this process per request, in microseconds: the vendor has a process of its own. */
async function cpuUs(client: HttpClient, kind: Kind): Promise<number> {
  const before = process.cpuUsage();
  await inParallel({ times: requests, width }, () => ask(client, kind));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
}

const clients = await findHttpClients();
if (clients.length === 1)
  console.log('undici can not be installed: only the platform is measured.');
console.log(`CPU µs per request, median of ${rounds} turns of ${requests} requests each.\n`);
console.log(`| client | ${kinds.map(({ name }) => name).join(' | ')} |`);
console.log(`| --- | ${kinds.map(() => '---').join(' | ')} |`);
const samples = new Map(clients.map(({ name }) => [name, kinds.map((): number[] => [])]));
for (const [index, kind] of kinds.entries()) {
  const chunks = Array.from({ length: kind.parts }, (_, part) => `part${part} `);
  await vendor.setScripts([{ vendor: 'openai', chunks, times: 10_000_000 }]);
  for (let round = 0; round <= rounds; round += 1) {
    for (const client of clients) {
      const us = await cpuUs(client, kind);
      if (round > 0) samples.get(client.name)?.[index]?.push(us);
    }
  }
}
for (const [name, byKind] of samples) {
  const medians = byKind.map((all) => all.sort((left, right) => left - right)[all.length >> 1]);
  console.log(`| ${name} | ${medians.map((us) => us?.toFixed(0)).join(' | ')} |`);
}
