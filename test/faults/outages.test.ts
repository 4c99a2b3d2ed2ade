import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { answerText, type ServiceName } from '@mosaic/proto';
import { type ScriptInput, waitFor } from '@mosaic/test-kit';
import { owner, type Person, signUp } from '../person.ts';
import { checkInvariants } from './invariants.ts';
import { type IsolatedMosaic, startIsolated, talker } from './isolated-mosaic.ts';
import { type Witness, watchNew } from './witness.ts';

/** `bench:faults` asks for the full lengths; here each is as short as its claim allows. */
const isFull = process.env['FAULTS_LENGTH'] === 'full';
/** What the machine answers while its services are restarted. */
const turnsPerSecond = Number(process.env['FAULTS_TURNS_PER_SECOND'] ?? '50');
const lengths = isFull
  ? { outageMs: 10_000, frozenMs: 30_000, cuts: 200, turnsPerSecond, people: 40 }
  : { outageMs: 3_000, frozenMs: 5_000, cuts: 200, turnsPerSecond: 10, people: 8 };

let stack: IsolatedMosaic;
let me: Person;
before(async () => {
  stack = await startIsolated();
  me = owner(stack.mosaic);
});
after(() => stack?.stop());

const words = Array.from({ length: 80 }, (_, index) => `word${index}`).join(' ');

function answerWith(reply: string, paceMs: number, more: ScriptInput = {}): void {
  const { vendors } = stack.mosaic;
  vendors.clearScripts();
  vendors.script({ model: talker, reply, paceMs, times: 100_000, ...more });
}

const watch = (person = me) => watchNew(stack.mosaic.url, person);
/** Whatever the words are taken for, it is the scripted model that answers. */
const asked = { model: talker };
const lastText = (witness: Witness) => {
  const last = witness.view.messages.at(-1);
  return last?.role === 'assistant' ? answerText(last) : '';
};
const isTalking = (witness: Witness) =>
  witness.until(() => lastText(witness).length > 20, 'some words');

for (const [name, what, ms] of [
  ['nats', 'NATS stands still for a second', 1_000],
  ['nats', 'NATS stands still for long', lengths.outageMs],
  ['database', 'PostgreSQL stands still', lengths.outageMs],
  ['redis', 'Redis stands still', lengths.outageMs],
] as const) {
  test(`${what} (${ms} ms): what was begun and what is said meanwhile ends once, word for word`, async () => {
    answerWith(words, 20);
    const [one, late] = await Promise.all([watch(), watch()]);
    await one.send('Tell me many words, friend', asked);
    await isTalking(one);
    const frozen = stack.freeze(name, ms);
    await late.send('And me as well, friend', asked);
    await frozen;
    for (const witness of [one, late]) {
      const { texts, types } = await checkInvariants(stack.mosaic, me, witness);
      assert.deepEqual([types, texts], [['turn.completed'], [words]]);
      witness.close();
    }
  });
}

test('kill -9 of NATS: what was accepted is answered once it is back', async () => {
  answerWith(words, 20);
  const [one, late] = await Promise.all([watch(), watch()]);
  await one.send('Tell me many words, friend', asked);
  await isTalking(one);
  const back = stack.kill('nats');
  await late.send('And me as well, friend', asked);
  await back;
  const { texts, types } = await checkInvariants(stack.mosaic, me, late);
  assert.deepEqual([types, texts], [['turn.completed'], [words]]);
  // The words of the stream were said into nothing: it ends, by its answer or by saying that it broke.
  const cut = await checkInvariants(stack.mosaic, me, one);
  assert.equal(cut.types.length, 1);
  assert.ok(cut.types[0] === 'turn.failed' || cut.texts[0] === words);
  for (const witness of [one, late]) witness.close();
});

test('after the bus was killed one who comes in mid-answer still gets the text so far', async () => {
  await stack.kill('nats');
  answerWith('word '.repeat(150), 0, { holdAfter: 20 });
  const one = await watch();
  await one.send('Tell me many words, friend, as many as you can', asked);
  await isTalking(one);
  const late = await me.socket();
  late.send({ type: 'subscribe', conversationId: one.conversationId, after: 0 });
  const first = await late.until((frame) => frame.type === 'delta');
  stack.mosaic.vendors.goOn();
  assert.ok(first.type === 'delta' && first.delta.offset === 0);
  const { types } = await checkInvariants(stack.mosaic, me, one);
  assert.deepEqual(types, ['turn.completed']);
  one.close();
  await late.close();
});

test(`a client that reads nothing for ${lengths.frozenMs} ms costs little memory and nobody else a word`, async () => {
  const much = Array.from({ length: 4_000 }, (_, index) => `word${index}`).join(' ');
  answerWith(much, 1);
  const frozen = await Promise.all(Array.from({ length: 4 }, () => watch()));
  const other = await watch();
  for (const witness of frozen) await witness.send('Tell me all the words, friend', asked);
  for (const witness of frozen) witness.pause();
  const endsAt = performance.now() + lengths.frozenMs;
  const before = await gatewayBytes();
  let most = before;
  const texts: (string | undefined)[] = [];
  answerWith(words, 1);
  while (performance.now() < endsAt) {
    await other.send('And me, friend', asked);
    most = Math.max(most, await gatewayBytes());
    await pause(200);
  }
  texts.push(...(await checkInvariants(stack.mosaic, me, other)).texts);
  assert.ok(texts.every((text) => text === words));
  assert.ok(most - before < 64 * 1024 * 1024, `the gateway grew by ${most - before} bytes`);
  for (const witness of frozen) {
    witness.resume();
    assert.deepEqual((await checkInvariants(stack.mosaic, me, witness)).types, ['turn.completed']);
    witness.close();
  }
  other.close();
});

async function gatewayBytes(): Promise<number> {
  const status = await readFile(`/proc/${await stack.pidOf('gateway')}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

test(`${lengths.cuts} cuts of sockets at any moment: nothing is missing, nothing is doubled`, async () => {
  answerWith(words, 10);
  const witnesses = await Promise.all(Array.from({ length: 5 }, () => watch()));
  let cuts = 0;
  let seed = 20_261_125;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const isCutting = () => cuts < lengths.cuts;
  await Promise.all(
    witnesses.map(async (witness, index) => {
      const cutting = (async () => {
        while (isCutting()) {
          await pause(20 + random() * 300);
          // How long a machine takes to come back is its own affair: what is cut was there.
          if (witness.cut()) cuts += 1;
        }
      })();
      for (let round = 0; isCutting() || round < 2; round += 1) {
        await witness.send(`Message ${round} of ${index}, friend`, asked);
        await witness.until(() => lastText(witness) === words, 'the answer');
      }
      await cutting;
    }),
  );
  assert.ok(cuts >= lengths.cuts);
  for (const witness of witnesses) {
    assert.ok(witness.reconnects > lengths.cuts / 20, `${witness.reconnects} times back`);
    const { texts } = await checkInvariants(stack.mosaic, me, witness);
    assert.ok(texts.every((text) => text === words));
    witness.close();
  }
});

/** Answers that a client waits for at most: more would pile up where the restarts take long. */
const mostWaiting = 4;
const waitsFor = ({ events, sent }: Witness) =>
  sent.length - events.filter(({ type }) => type === 'turn.completed').length;

test(`a rolling SIGTERM of every service under ${lengths.turnsPerSecond} turns a second fails no turn`, async () => {
  answerWith('Well, yes.', 1);
  const people = await Promise.all(
    Array.from({ length: lengths.people }, (_, index) => signUp(stack.mosaic, `person${index}`)),
  );
  const witnesses = await Promise.all(people.map((person) => watch(person)));
  let isRolling = true;
  const sending = (async () => {
    for (let turn = 0; isRolling; turn += 1) {
      const witness = witnesses[turn % witnesses.length];
      if (witness !== undefined && waitsFor(witness) < mostWaiting) {
        void witness.send(`Say ${turn}, friend`, asked).catch(() => undefined);
      }
      await pause(1_000 / lengths.turnsPerSecond);
    }
  })();
  const services: ServiceName[] = ['agents', 'router', 'providers', 'memory', 'jobs', 'gateway'];
  for (const name of services) await stack.restart(name);
  isRolling = false;
  await sending;
  let turns = 0;
  for (const [index, witness] of witnesses.entries()) {
    const person = people[index];
    assert.ok(person !== undefined);
    await waitFor(() => witness.accepted.size === witness.sent.length);
    const { restarts, texts, types } = await checkInvariants(stack.mosaic, person, witness);
    assert.deepEqual([...new Set(types)], ['turn.completed']);
    assert.deepEqual([...new Set(texts)], ['Well, yes.']);
    assert.equal(restarts, 0);
    turns += types.length;
    witness.close();
  }
  // How long the restarts take is the machine's affair; there were turns during each of them.
  assert.ok(turns >= services.length * 2, `${turns} turns`);
});
