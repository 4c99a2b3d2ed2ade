import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type CompletionPart,
  type ConversationEvent,
  makeId,
  type Turn,
  turnsFromEvents,
} from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { start } from '@mosaic/test-kit/samples';
import { end, say, startTurnRig, type TurnRig } from '../turn-rig.ts';

let rig: TurnRig;
before(async () => {
  rig = await startTurnRig();
  // The message that joins may come to another replica than the one that runs the turn.
  await rig.startWorker();
  await rig.startWorker();
});
after(() => rig.stop());

const types = (events: readonly ConversationEvent[]) => events.map(({ type }) => type);
const textsOf = (turns: readonly Turn[]) =>
  turns.map((turn) =>
    turn.role === 'tool'
      ? 'results'
      : turn.content.map((part) => (part.type === 'text' ? part.text : part.type)).join('+'),
  );

/** Holds the first call of the model until the test lets it go on; later calls say what they saw. */
function holdFirst(parts: () => AsyncIterable<CompletionPart>) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let calls = 0;
  rig.asked.length = 0;
  rig.answerWith(async function* (request) {
    calls += 1;
    if (calls > 1) return yield* say(`I saw: ${textsOf(request.turns).at(-1)}`);
    await promise;
    yield* parts();
  });
  return resolve;
}

async function* useTheClock(): AsyncIterable<CompletionPart> {
  yield start;
  yield { type: 'text', text: 'Let me look.' };
  yield { type: 'tool-call', call: { id: 'k1', name: 'current_time', arguments: {} } };
  yield end('tool-calls');
}

async function begin(parts: () => AsyncIterable<CompletionPart>) {
  const release = holdFirst(parts);
  const conversation = await rig.open();
  await rig.send(conversation, 'What time is it?');
  await waitFor(() => rig.asked.length === 1);
  return { conversation, release };
}

const steer = { mode: 'steer' } as const;

test('a message that steers is before the model in the next step, behind the results of tools', async () => {
  const { conversation, release } = await begin(useTheClock);
  const joined = await rig.send(conversation, 'In Rome, please.', steer);
  await rig.until(conversation, 'message.added', 2);
  release();
  const events = await rig.until(conversation, 'turn.completed');
  assert.deepEqual(types(events).slice(2), [
    'turn.routed',
    'message.added',
    'tool.called',
    'tool.finished',
    'turn.steered',
    'turn.completed',
  ]);
  assert.deepEqual(textsOf(rig.asked[1]?.turns ?? []), [
    'What time is it?',
    'Let me look.+tool-call',
    'results',
    'In Rome, please.',
  ]);
  const last = events.at(-1);
  assert.ok(last?.type === 'turn.completed' && last.text === 'I saw: In Rome, please.');
  const added = events.find((event) => 'messageId' in event && event.messageId === joined);
  assert.ok(added?.type === 'message.added' && added.joins === last.run);
});

test('one that comes with the model’s last word still joins, and the next message sees all in order', async () => {
  const { conversation, release } = await begin(() => say('It is noon.'));
  for (const text of ['In Rome.', 'No, in Oslo.']) {
    await rig.send(conversation, text, steer);
  }
  await rig.until(conversation, 'message.added', 3);
  release();
  const events = await rig.until(conversation, 'turn.completed');
  const steered = events.find(({ type }) => type === 'turn.steered');
  assert.ok(steered?.type === 'turn.steered' && steered.text === 'It is noon.');
  assert.equal(steered.messageIds.length, 2);
  await rig.send(conversation, 'Thanks');
  await rig.until(conversation, 'turn.completed', 2);
  assert.deepEqual(textsOf(rig.asked.at(-1)?.turns ?? []), [
    'What time is it?',
    'It is noon.',
    'In Rome.',
    'No, in Oslo.',
    'I saw: No, in Oslo.',
    'Thanks',
  ]);
});

test('without a running turn it is a message like any other, and sent twice it is answered once', async () => {
  rig.answerWith(() => say('yes'));
  const conversation = await rig.open();
  const messageId = makeId();
  await rig.send(conversation, 'Hello', { ...steer, messageId });
  await rig.send(conversation, 'Hello', { ...steer, messageId });
  await rig.until(conversation, 'turn.completed');
  await rig.send(conversation, 'And again', steer);
  const events = await rig.until(conversation, 'turn.completed', 2);
  assert.equal(types(events).filter((type) => type === 'message.added').length, 2);
  assert.ok(events.every((event) => event.type !== 'message.added' || event.joins === undefined));
});

test('messages that wait keep their order while others join', async () => {
  const { conversation, release } = await begin(useTheClock);
  await rig.send(conversation, 'second');
  await rig.send(conversation, 'third');
  await rig.send(conversation, 'join!', steer);
  await rig.until(conversation, 'message.added', 2);
  release();
  const events = await rig.until(conversation, 'turn.completed', 3);
  const added = events.flatMap((event) => (event.type === 'message.added' ? [event.text] : []));
  assert.deepEqual(added, ['What time is it?', 'join!', 'second', 'third']);
});

test('many that join at any moment are each seen by exactly one turn', async () => {
  rig.answerWith(async function* () {
    yield* say('yes');
  });
  const conversation = await rig.open();
  const sent = new Set<string>();
  for (let round = 0; round < 40; round += 1) {
    sent.add(await rig.send(conversation, `message ${round}`, round % 4 === 0 ? {} : steer));
  }
  let events: ConversationEvent[] = [];
  const ended = () => {
    const runs = new Set(
      events.flatMap((event) => (event.type === 'turn.completed' ? [event.run] : [])),
    );
    return events.flatMap((event) => {
      if (event.type === 'turn.completed') return [event.messageId];
      const joins = event.type === 'message.added' ? event.joins : undefined;
      return event.type === 'message.added' && joins && runs.has(joins) ? [event.messageId] : [];
    });
  };
  let completed = 0;
  while (ended().length < sent.size) {
    completed += 1;
    events = await rig.until(conversation, 'turn.completed', completed);
  }
  assert.deepEqual(ended().sort(), [...sent].sort());
  const seen = events.flatMap((event) => (event.type === 'turn.steered' ? event.messageIds : []));
  const joined = events.filter((event) => event.type === 'message.added' && event.joins);
  assert.equal(new Set(seen).size, seen.length);
  assert.equal(seen.length, joined.length);
});

test('what joined a run that is cut is before the model that begins again', async () => {
  const { conversation, release } = await begin(useTheClock);
  await rig.send(conversation, 'In Rome, please.', steer);
  const events = await rig.until(conversation, 'message.added', 2);
  const routed = events.find(({ type }) => type === 'turn.routed');
  assert.ok(routed?.type === 'turn.routed');
  const { run, messageId, conversationId, seq, at } = { ...routed, seq: events.length + 1 };
  const restarted = { run: makeId(), previousRun: run, messageId, why: 'x', seq, at } as const;
  const again = [...events, { ...restarted, conversationId, type: 'turn.restarted' } as const];
  assert.deepEqual(textsOf(turnsFromEvents(again)), ['What time is it?', 'In Rome, please.']);
  release();
  await rig.until(conversation, 'turn.completed');
});
