import { parseArgs } from 'node:util';
import {
  launchMosaic,
  type RunningMosaic,
  startVendors,
  type VendorServers,
} from '@mosaic/test-kit';
import { percentileRow, tableHead } from '../percentiles.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { connectClient, measuredModel, type SeenTurn, type TurnClient } from './turn-client.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    streams: { type: 'string' },
    rounds: { type: 'string' },
  },
});
const rounds = Number(values.rounds ?? (values.quick === true ? 40 : 300));
const streams = Number(values.streams ?? (values.quick === true ? 100 : 500));
const warmUp = 20;
const parts = 100;
const partEveryMs = 100;
const perPerson = 10;
const beginWithinMs = 2_000;

const vendors = await startVendors({ paceMs: 0, journalLimit: 0 });
const mosaic = await launchMosaic({ vendors });
try {
  await measureLatency(mosaic, vendors);
  await measureStreams(mosaic, vendors);
} finally {
  await mosaic.stop();
  await vendors.stop();
}

/** One turn at a time, the vendor directly and a whole turn taking turns; then stopping, likewise. */
async function measureLatency(mosaic: RunningMosaic, vendors: VendorServers): Promise<void> {
  vendors.clearScripts();
  vendors.script({ model: measuredModel, reply: 'Canberra.', times: 100_000 });
  const people = await Promise.all(
    Array.from({ length: Math.ceil((rounds + warmUp) / 100) }, (_, index) =>
      connectClient(mosaic, `single${index}`),
    ),
  );
  const direct: number[] = [];
  const accepted: number[] = [];
  const firstWord: number[] = [];
  let cpu = cpuSeconds(mosaic.pid);
  for (let round = 0; round < rounds + warmUp; round += 1) {
    if (round === warmUp) cpu = cpuSeconds(mosaic.pid);
    const person = people[round % people.length];
    if (person === undefined) throw new Error('nobody');
    const conversation = await person.openConversation();
    const directMs = await askDirectly(vendors);
    const turn = await person.ask(conversation, 'What is the capital of Australia?');
    if (turn.end !== 'turn.completed') throw new Error(turn.end);
    if (round < warmUp) continue;
    direct.push(directMs);
    accepted.push(turn.acceptedMs ?? Number.NaN);
    firstWord.push(turn.firstWordMs ?? turn.endMs);
  }
  console.log(`\n## one turn at a time\n\n${tableHead('ms')}`);
  console.log(percentileRow('the vendor directly, first byte', direct));
  console.log(percentileRow('a turn, accepted', accepted));
  console.log(percentileRow('a turn, first word', firstWord));
  const added = firstWord.map((ms, index) => ms - (direct[index] ?? 0));
  console.log(percentileRow('**added to the first byte**', added));
  const perTurn = ((cpuSeconds(mosaic.pid) - cpu) / rounds) * 1_000;
  await measureCancel(people, vendors);
  console.log(
    `\nCPU of all processes per turn, its conversation included: ${perTurn.toFixed(1)} ms`,
  );
  for (const person of people) person.close();
}

async function measureCancel(people: readonly TurnClient[], vendors: VendorServers): Promise<void> {
  vendors.clearScripts();
  const reply = 'word '.repeat(1_000);
  vendors.script({ model: measuredModel, reply, paceMs: 20, times: 100_000 });
  const times: number[] = [];
  for (let round = 0; round < Math.min(60, rounds); round += 1) {
    const person = people[round % people.length];
    if (person === undefined) throw new Error('nobody');
    const conversation = await person.openConversation();
    let stoppedMs = 0;
    const startedMs = performance.now();
    const turn = await person.ask(conversation, 'Talk for long, friend', () => {
      stoppedMs = performance.now() - startedMs;
      person.cancel(conversation);
    });
    if (turn.end !== 'turn.cancelled') throw new Error(turn.end);
    times.push(turn.endMs - stoppedMs);
  }
  console.log(percentileRow('from a wish to stop to the end that all clients see', times));
}

async function askDirectly(vendors: VendorServers): Promise<number> {
  const started = performance.now();
  const response = await fetch(`${vendors.urls.openai}/responses`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-test-key', 'content-type': 'application/json' },
    body: JSON.stringify({
      model: measuredModel,
      stream: true,
      input: [{ role: 'user', content: 'What is the capital of Australia?' }],
    }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const reader = response.body?.getReader();
  await reader?.read();
  const ms = performance.now() - started;
  while (!(await reader?.read())?.done);
  return ms;
}

/** Many turns at once, each part 100 ms behind the one before. */
async function measureStreams(mosaic: RunningMosaic, vendors: VendorServers): Promise<void> {
  vendors.clearScripts();
  const chunks = Array.from({ length: parts }, (_, index) => `part ${index} of the answer. `);
  vendors.script({ model: measuredModel, chunks, paceMs: partEveryMs, times: 100_000 });
  const people = await Promise.all(
    Array.from({ length: Math.ceil(streams / perPerson) }, (_, index) =>
      connectClient(mosaic, `many${index}`),
    ),
  );
  const places: { readonly person: TurnClient; readonly conversation: string }[] = [];
  for (const person of people) {
    for (let index = 0; index < perPerson && places.length < streams; index += 1) {
      places.push({ person, conversation: await person.openConversation() });
    }
  }
  const cpu = cpuSeconds(mosaic.pid);
  const started = performance.now();
  let running = 0;
  let most = 0;
  const turns = await Promise.all(
    places.map(async ({ conversation, person }, index) => {
      await new Promise((resolve) => setTimeout(resolve, (index / streams) * beginWithinMs));
      const onWord = () => {
        running += 1;
        most = Math.max(most, running);
      };
      const turn = await person.ask(conversation, 'Tell me all the parts, friend', onWord);
      running -= 1;
      return turn;
    }),
  );
  const cpuMs = ((cpuSeconds(mosaic.pid) - cpu) / streams) * 1_000;
  report(turns, { most, cpuMs, tookMs: performance.now() - started, text: chunks.join('') });
  for (const person of people) person.close();
}

function report(
  turns: readonly SeenTurn[],
  run: {
    readonly most: number;
    readonly tookMs: number;
    readonly cpuMs: number;
    readonly text: string;
  },
): void {
  const isWhole = (turn: SeenTurn) =>
    turn.end === 'turn.completed' && turn.text === run.text && run.text.startsWith(turn.shown);
  const whole = turns.filter((turn) => isWhole(turn) && !turn.hasGap).length;
  console.log(
    `\n## ${turns.length} turns at once, ${parts} parts each, one each ${partEveryMs} ms\n`,
  );
  console.log(`whole: ${whole} of ${turns.length}; at once at most: ${run.most}`);
  const count = (fits: (turn: SeenTurn) => boolean) => turns.filter(fits).length;
  console.log(
    [
      `not completed: ${count(({ end }) => end !== 'turn.completed')}`,
      `other text at the end: ${count(({ text }) => text !== run.text)}`,
      `last words came with the end: ${count(({ shown }) => shown !== run.text)}`,
      `a delta was missing: ${count(({ hasGap }) => hasGap)}`,
      `begun again: ${count(({ restarts }) => restarts > 0)}`,
    ].join('; '),
  );
  const seconds = (run.tookMs / 1_000).toFixed(1);
  console.log(
    `CPU of all processes per turn: ${run.cpuMs.toFixed(1)} ms; all of it took ${seconds} s\n`,
  );
  console.log(tableHead('ms'));
  const firstWords = turns.map(({ endMs, firstWordMs }) => firstWordMs ?? endMs);
  console.log(percentileRow('first word', firstWords));
  console.log(
    percentileRow(
      'end',
      turns.map(({ endMs }) => endMs),
    ),
  );
  if (whole < turns.length) process.exitCode = 1;
}
