import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import {
  answerApproval,
  type CompletionPart,
  type ConversationEvent,
  cancelTurn,
  type EventOfType,
  type ToolCall,
} from '@mosaic/proto';
import type { SignedCaller } from '@mosaic/service-kit';
import { start } from '@mosaic/test-kit/samples';
import { end, say, startTurnRig, type TurnRig } from './turn-rig.ts';

let rig: TurnRig;
let page: Server;
let url: string;
let env: Record<string, string>;
let worker: { stop(): Promise<void> };

before(async () => {
  page = createServer((_request, response) => response.end('a page of this machine'));
  page.listen(0, '127.0.0.1');
  await once(page, 'listening');
  const address = page.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  url = `http://${host}/`;
  env = { MOSAIC_FETCH_OPENED_HOSTS: host };
  rig = await startTurnRig();
  worker = await rig.startWorker(env);
});
after(async () => {
  await rig.stop();
  page.close();
});

const fetchOf = (id: string, path = ''): ToolCall => ({
  id,
  name: 'web_fetch',
  arguments: { url: `${url}${path}` },
});

/** A model that makes these calls at once, and then says what came of them. */
function callFirst(...calls: readonly ToolCall[]): void {
  rig.answerWith(async function* (request): AsyncIterable<CompletionPart> {
    const last = request.turns.at(-1);
    if (last?.role === 'tool') {
      return yield* say(last.results.map(({ output }) => output).join(' | '));
    }
    yield start;
    for (const call of calls) yield { type: 'tool-call', call };
    yield end('tool-calls');
  });
}

const of = <Type extends ConversationEvent['type']>(
  events: readonly ConversationEvent[],
  type: Type,
): EventOfType<Type>[] => events.filter((event): event is EventOfType<Type> => event.type === type);

function answer(
  [conversationId, callId]: readonly [string, string],
  said: 'once' | 'conversation' | 'deny',
  caller: SignedCaller = rig.caller,
) {
  return rig.gateway.call(answerApproval, { conversationId, callId, answer: said }, { caller });
}

test('a call waits for a person, runs when it is allowed once, and asks the next time', async () => {
  const conversation = await rig.open();
  callFirst(fetchOf('k1'));
  await rig.send(conversation, 'Read it.');
  const [asked] = of(await rig.until(conversation, 'approval.asked'), 'approval.asked');
  assert.deepEqual(
    [asked?.callId, asked?.tool, asked?.covers, asked?.arguments],
    ['k1', 'web_fetch', 'web_fetch', { url }],
  );
  const { event } = await answer([conversation, 'k1'], 'once');
  assert.ok(event.type === 'approval.answered' && event.by === rig.caller.userId);
  const events = await rig.until(conversation, 'turn.completed');
  const [finished] = of(events, 'tool.finished');
  assert.equal(finished?.outcome, 'ran');
  assert.match(of(events, 'turn.completed')[0]?.text ?? '', /a page of this machine/);

  callFirst(fetchOf('k2'));
  await rig.send(conversation, 'And again.');
  await rig.until(conversation, 'approval.asked', 2);
  await answer([conversation, 'k2'], 'deny');
  await rig.until(conversation, 'turn.completed', 2);
});

test('what is allowed for a conversation is not asked again in it, and asked in every other', async () => {
  const [conversation, other] = [await rig.open(), await rig.open()];
  callFirst(fetchOf('a', '1'), fetchOf('b', '2'));
  await rig.send(conversation, 'Read both.');
  await rig.until(conversation, 'approval.asked', 2);
  await answer([conversation, 'b'], 'conversation');
  const first = await rig.until(conversation, 'turn.completed');
  assert.deepEqual(
    of(first, 'approval.answered').map(({ callId }) => callId),
    ['b', 'a'],
    'the one that waited beside it is let through too',
  );
  assert.deepEqual(
    of(first, 'tool.finished').map(({ callId, outcome }) => [callId, outcome]),
    [
      ['a', 'ran'],
      ['b', 'ran'],
    ],
    'results stand in the order of the calls',
  );
  callFirst(fetchOf('c', '3'));
  await rig.send(conversation, 'And the third.');
  const second = await rig.until(conversation, 'turn.completed', 2);
  assert.equal(of(second, 'approval.asked').length, 2);
  await rig.send(other, 'Here too?');
  await rig.until(other, 'approval.asked');
  await answer([other, 'c'], 'deny');
  await rig.until(other, 'turn.completed');
});

test('a call that is denied is not made, and the model is told', async () => {
  const conversation = await rig.open();
  callFirst(fetchOf('k'));
  await rig.send(conversation, 'Read it.');
  await rig.until(conversation, 'approval.asked');
  await answer([conversation, 'k'], 'deny');
  const events = await rig.until(conversation, 'turn.completed');
  assert.equal(of(events, 'tool.finished')[0]?.outcome, 'denied');
  assert.match(of(events, 'turn.completed')[0]?.text ?? '', /did not allow/);
});

test('nobody else can answer, and an answer counts once', async () => {
  const conversation = await rig.open();
  callFirst(fetchOf('k'));
  await rig.send(conversation, 'Read it.');
  await rig.until(conversation, 'approval.asked');
  for (const said of ['once', 'conversation', 'deny'] as const) {
    const stranger = rig.bus.person('eve');
    await assert.rejects(answer([conversation, 'k'], said, stranger), { code: 'not_found' });
  }
  await assert.rejects(answer([conversation, 'other'], 'once'), { code: 'not_found' });
  const answers = await Promise.allSettled(
    (['deny', 'once', 'conversation', 'once'] as const).map((said) =>
      answer([conversation, 'k'], said),
    ),
  );
  assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1);
  const events = await rig.until(conversation, 'turn.completed');
  assert.equal(of(events, 'approval.answered').length, 1);
  await assert.rejects(answer([conversation, 'k'], 'once'), { code: 'not_found' });
});

test('a turn is stopped while it waits for a person', async () => {
  const conversation = await rig.open();
  callFirst(fetchOf('k'));
  await rig.send(conversation, 'Read it.');
  await rig.until(conversation, 'approval.asked');
  const tokens = { userId: rig.caller.userId, conversationId: conversation };
  const fact = { conversationId: conversation };
  rig.gateway.publishLive(cancelTurn, fact, { tokens, caller: rig.caller });
  const events = await rig.until(conversation, 'turn.cancelled');
  assert.equal(of(events, 'tool.finished')[0]?.outcome, 'stopped');
  await assert.rejects(answer([conversation, 'k'], 'once'), { code: 'not_found' });
});

test('a question that nobody answers expires and counts as denied, and the turn’s own time waits for it', async () => {
  await worker.stop();
  // The question waits for 6 s, the turn may take 5: it goes on after the question all the same.
  const times = { MOSAIC_APPROVAL_MINUTES: '0.1', MOSAIC_TURN_SECONDS: '5' };
  worker = await rig.startWorker({ ...env, ...times });
  const conversation = await rig.open();
  callFirst(fetchOf('k'));
  await rig.send(conversation, 'Read it.');
  const events = await rig.until(conversation, 'turn.completed');
  assert.equal(of(events, 'approval.expired').length, 1);
  assert.equal(of(events, 'tool.finished')[0]?.outcome, 'expired');
  assert.match(of(events, 'turn.completed')[0]?.text ?? '', /Nobody allowed this call in time/);
});

for (const said of ['once', 'deny'] as const) {
  test(`"${said}" that was said after the worker died is found by the next one`, async () => {
    await worker.stop();
    const doomed = await rig.startWorkerProcess(env);
    const conversation = await rig.open();
    callFirst(fetchOf('k1'));
    await rig.send(conversation, 'Read it.');
    await rig.until(conversation, 'approval.asked');
    callFirst(fetchOf('k2'));
    // Another worker is there to take the answer before the turn is taken up again, seconds later.
    worker = await rig.startWorker(env);
    await doomed.end('SIGKILL');
    await answer([conversation, 'k1'], said);
    const events = await rig.until(conversation, 'turn.completed');
    assert.equal(of(events, 'turn.restarted').length, 1);
    assert.deepEqual(
      of(events, 'approval.answered').map(({ callId, answer: given }) => [callId, given]),
      [
        ['k1', said],
        ['k2', said],
      ],
    );
    assert.deepEqual(
      of(events, 'tool.finished').map(({ callId, outcome }) => [callId, outcome]),
      [['k2', said === 'once' ? 'ran' : 'denied']],
    );
    assert.equal(of(events, 'turn.completed').length, 1);
  });
}

test('a question of a worker that died is asked again, and answered once', async () => {
  await worker.stop();
  const doomed = await rig.startWorkerProcess(env);
  const conversation = await rig.open();
  callFirst(fetchOf('k1'));
  await rig.send(conversation, 'Read it.');
  await rig.until(conversation, 'approval.asked');
  await doomed.end('SIGKILL');
  callFirst(fetchOf('k2'));
  worker = await rig.startWorker(env);
  await rig.until(conversation, 'approval.asked', 2);
  await assert.rejects(answer([conversation, 'k1'], 'once'), { code: 'not_found' });
  await answer([conversation, 'k2'], 'once');
  const events = await rig.until(conversation, 'turn.completed');
  assert.deepEqual(
    of(events, 'tool.finished').map(({ callId, outcome }) => [callId, outcome]),
    [['k2', 'ran']],
  );
});
