import { launchMosaic, startVendors } from '@mosaic/test-kit';
import { percentileRow, tableHead } from './percentiles.ts';

const rounds = 300;
const warmUp = 30;

/**
 * What the whole chain (gateway, bus, router, providers) adds to calling the vendor directly. The
 * vendor is the look-alike on this machine, answering at once; direct and through Mosaic take turns
 * in one run, so that a busy moment meets both.
 */
export async function measureChain(): Promise<void> {
  // Without a pace and with a short answer, so that the vendor's own time does not count as ours.
  const vendors = await startVendors({ paceMs: 0, journalLimit: 0 });
  vendors.script({ vendor: 'openai', reply: 'Canberra.', times: 100_000 });
  await using mosaic = await launchMosaic({ vendors });
  const vendor = `${vendors.urls.openai}/chat/completions`;
  const door = `${mosaic.url}/v1/chat/completions`;
  const times: Record<string, number[]> = {
    'direct, whole': [],
    'Mosaic, whole': [],
    'direct, first byte': [],
    'Mosaic, first byte': [],
  };
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const measured = {
      'direct, whole': await ask({ url: vendor, token: 'sk-test-key', stream: false }),
      'Mosaic, whole': await ask({ url: door, token: mosaic.ownerToken, stream: false }),
      'direct, first byte': await ask({ url: vendor, token: 'sk-test-key', stream: true }),
      'Mosaic, first byte': await ask({ url: door, token: mosaic.ownerToken, stream: true }),
    };
    if (round < warmUp) continue;
    for (const [name, ms] of Object.entries(measured)) times[name]?.push(ms);
  }
  console.log(tableHead('ms'));
  for (const [name, samples] of Object.entries(times)) console.log(percentileRow(name, samples));
  console.log(addedRow(times, 'whole'));
  console.log(addedRow(times, 'first byte'));
  await vendors.stop();
}

/** Milliseconds until the first byte of content (stream) or the whole body. */
async function ask(call: { url: string; token: string; stream: boolean }): Promise<number> {
  const started = performance.now();
  const response = await fetch(call.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${call.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-5.4',
      stream: call.stream,
      messages: [{ role: 'user', content: 'What is the capital of Australia?' }],
    }),
  });
  if (!response.ok) throw new Error(`${call.url}: ${response.status} ${await response.text()}`);
  if (!call.stream) {
    await response.text();
    return performance.now() - started;
  }
  const reader = response.body?.getReader();
  await reader?.read();
  const ms = performance.now() - started;
  while (!(await reader?.read())?.done);
  return ms;
}

function addedRow(times: Readonly<Record<string, readonly number[]>>, what: string): string {
  const direct = times[`direct, ${what}`] ?? [];
  const added = (times[`Mosaic, ${what}`] ?? []).map((ms, index) => ms - (direct[index] ?? 0));
  return percentileRow(`**added, ${what}**`, added);
}
