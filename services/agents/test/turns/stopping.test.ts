import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type CompletionPart,
  cancelTurn,
  deleteConversation,
  searchConversations,
  type ToolCall,
} from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { start } from '@mosaic/test-kit/samples';
import { end, say, startTurnRig, type TurnRig } from '../turn-rig.ts';

let rig: TurnRig;
/** Lets those go that wait for ever, when all is over. */
const over = Promise.withResolvers<void>();
/** Searches of the agents that memory never answers. */
let searches = 0;
before(async () => {
  rig = await startTurnRig();
  const memory = await rig.bus.connect('memory');
  memory.handle(searchConversations, async () => {
    searches += 1;
    await over.promise;
    return { hits: [] };
  });
  await rig.startWorker();
});
after(async () => {
  over.resolve();
  await rig.stop();
});

const call = (id: string, name: string, args: object = {}): ToolCall => ({
  id,
  name,
  arguments: { ...args },
});

function cancel(conversationId: string): void {
  const tokens = { userId: rig.caller.userId, conversationId };
  rig.gateway.publishLive(cancelTurn, { conversationId }, { tokens, caller: rig.caller });
}

function answerWithCalls(calls: readonly ToolCall[]): void {
  rig.answerWith(async function* (request): AsyncIterable<CompletionPart> {
    if (request.turns.at(-1)?.role === 'tool') return yield* say('Done.');
    yield start;
    for (const one of calls) yield { type: 'tool-call', call: one };
    yield end('tool-calls');
  });
}

test('a turn whose tool never answers is stopped all the same, once', async () => {
  answerWithCalls([call('k1', 'search_conversations', { query: 'cat' })]);
  const conversation = await rig.open();
  await rig.send(conversation, 'Find my cat.');
  await waitFor(() => searches === 1);
  cancel(conversation);
  const events = await rig.until(conversation, 'turn.cancelled');
  assert.equal(events.filter(({ type }) => type.startsWith('turn.')).length, 2);
});

test('tools of one step run side by side: one that waits does not keep the others', async () => {
  const before = searches;
  answerWithCalls([
    call('k1', 'search_conversations', { query: 'cat' }),
    call('k2', 'search_conversations', { query: 'dog' }),
    call('k3', 'search_conversations', { query: 'bird' }),
  ]);
  const conversation = await rig.open();
  await rig.send(conversation, 'Find them all.');
  await waitFor(() => searches === before + 3);
  cancel(conversation);
  await rig.until(conversation, 'turn.cancelled');
});

test('a model that never says its last word is not waited for', async () => {
  rig.answerWith(async function* (): AsyncIterable<CompletionPart> {
    yield start;
    yield { type: 'text', text: 'I will' };
    await over.promise;
    yield end();
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'Never end.');
  await waitFor(() => rig.asked.at(-1)?.conversationId === conversation);
  await rig.until(conversation, 'turn.routed');
  cancel(conversation);
  const events = await rig.until(conversation, 'turn.cancelled');
  assert.equal(events.at(-1)?.type, 'turn.cancelled');
  await rig.gateway.call(
    deleteConversation,
    { conversationId: conversation },
    { caller: rig.caller },
  );
});
