import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  acceptSuggestion,
  type ConversationEvent,
  deleteExemplar,
  dismissSuggestion,
  giveFeedback,
  listExemplars,
  listFeedback,
  listSuggestions,
  makeId,
  type RequestOf,
  replayTurn,
} from '@mosaic/proto';
import type { SignedCaller } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RulesStack, startRulesStack } from '../rules/rules-stack.ts';

let stack: RulesStack;
before(async () => {
  stack = await startRulesStack();
  await stack.startRouter();
  await stack.startRouter();
});
after(() => stack.stop());

const patience = { timeoutMs: 60_000 };
const odd = 'Look over the thing we talked about and make it nicer';

/** A message of somebody as the log has it after it was really routed. */
async function say(caller: SignedCaller, text: string) {
  const [conversationId, messageId, run] = [makeId(), makeId(), makeId()];
  const decision = await stack.decide(caller, text);
  const at = new Date().toISOString();
  const place = (seq: number) => ({ conversationId, seq, at });
  const events: ConversationEvent[] = [
    { ...place(1), type: 'conversation.created', title: null, agent: 'assistant', model: null },
    { ...place(2), type: 'message.added', messageId, text },
    { ...place(3), type: 'turn.routed', run, messageId, agent: 'assistant', decision },
  ];
  stack.logs.set(`${caller.userId}/${conversationId}`, events);
  return { conversationId, messageId, decision };
}

async function comment(
  caller: SignedCaller,
  text: string,
  about: Pick<RequestOf<typeof giveFeedback>, 'kind' | 'task' | 'model'>,
) {
  const { conversationId, messageId } = await say(caller, text);
  return stack.gateway.call(giveFeedback, { conversationId, messageId, ...about }, { caller });
}

const offered = async (caller: SignedCaller) =>
  (await stack.gateway.call(listSuggestions, {}, { caller })).suggestions;

test('a corrected task is offered as an exemplar, changes nothing, and once accepted is hot', async () => {
  const caller = stack.bus.person('mia');
  const was = await stack.decide(caller, odd);
  assert.notEqual(was.profile.task, 'coding');
  const right = await comment(caller, odd, { kind: 'task', task: was.profile.task });
  assert.deepEqual(right.suggestions, [], 'who agrees asks for no change');
  const { feedback, suggestions } = await comment(caller, odd, { kind: 'task', task: 'coding' });
  assert.deepEqual([feedback.task, feedback.was.task], ['coding', was.profile.task]);
  assert.equal(suggestions[0]?.kind, 'exemplar');
  assert.equal((await stack.decide(caller, odd)).profile.task, was.profile.task, 'only offered');

  const id = suggestions[0]?.id ?? '';
  await stack.gateway.call(acceptSuggestion, { id }, { caller });
  // Both replicas: the questions go to either of them.
  await waitFor(async () => {
    const decisions = await stack.decideEverywhere(caller, odd);
    return decisions.every(({ profile }) => profile.task === 'coding');
  }, patience);
  const alike = await stack.decide(caller, `Please l${odd.slice(1)}.`);
  assert.equal(alike.profile.task, 'coding');
  assert.equal(alike.exemplar?.words, odd);
  assert.match(alike.reason, /coding \(0\.\d\d, like “Look over the thing/);
  assert.deepEqual(await offered(caller), []);
});

test('nobody else’s routes are moved by it, nor do they see what was said', async () => {
  const other = stack.bus.person('bob');
  assert.notEqual((await stack.decide(other, odd)).profile.task, 'coding');
  assert.deepEqual(await offered(other), []);
  const { exemplars } = await stack.gateway.call(listExemplars, {}, { caller: other });
  const { feedback } = await stack.gateway.call(listFeedback, {}, { caller: other });
  assert.deepEqual([exemplars, feedback], [[], []]);
});

test('nobody can speak of somebody else’s message, and it looks like none', async () => {
  const { conversationId, messageId } = await say(stack.bus.person('mia'), odd);
  const given = { conversationId, messageId, kind: 'up' } as const;
  const stranger = { caller: stack.bus.person('bob') };
  await assert.rejects(stack.gateway.call(giveFeedback, given, stranger), { code: 'not_found' });
  await assert.rejects(stack.gateway.call(replayTurn, given, stranger), { code: 'not_found' });
});

test('an exemplar that is removed stands for nothing any more', async () => {
  const caller = stack.bus.person('mia');
  const { exemplars } = await stack.gateway.call(listExemplars, {}, { caller });
  for (const { id } of exemplars) await stack.gateway.call(deleteExemplar, { id }, { caller });
  await waitFor(async () => {
    const decisions = await stack.decideEverywhere(caller, odd);
    return decisions.every(({ profile }) => profile.task !== 'coding');
  }, patience);
});

test('asking another model twice for the same kind of message is offered as a rule', async () => {
  const caller = stack.bus.person('lea');
  const retried = { kind: 'model', model: 'openai/gpt-5.4' } as const;
  const once = await comment(caller, 'Who wrote Moby Dick?', retried);
  assert.deepEqual(once.suggestions, [], 'once may be curiosity');
  const { suggestions } = await comment(caller, 'Who wrote Hamlet?', retried);
  const [offer] = suggestions;
  assert.equal(offer?.rule?.then.model, 'openai/gpt-5.4');
  assert.match(
    offer?.sentence ?? '',
    /Send simple simple qa to openai\/gpt-5.4: you asked it again 2 times/,
  );
  assert.equal((await stack.decide(caller, 'Who wrote Ulysses?')).model, 'claude-haiku-4-5');

  const id = offer?.id ?? '';
  const { rule } = await stack.gateway.call(acceptSuggestion, { id }, { caller });
  assert.deepEqual([rule?.scope, rule?.version], ['user', 1]);
  // Both replicas: the questions go to either of them.
  await waitFor(async () => {
    const decisions = await stack.decideEverywhere(caller, 'Who wrote Ulysses?');
    return decisions.every((one) => one.model === 'gpt-5.4' && one.rule === rule?.name);
  }, patience);
  assert.deepEqual(await offered(caller), []);
});

test('thumbs down again and again offer the next model; a thumb up takes one back', async () => {
  const caller = stack.bus.person('tom');
  for (const text of ['Who wrote Emma?', 'Who wrote Faust?']) {
    await comment(caller, text, { kind: 'down' });
  }
  const third = await say(caller, 'Who wrote Dracula?');
  const about = { conversationId: third.conversationId, messageId: third.messageId };
  await stack.gateway.call(giveFeedback, { ...about, kind: 'down' }, { caller });
  assert.equal((await offered(caller))[0]?.rule?.then.model, 'zai/glm-5');
  await stack.gateway.call(giveFeedback, { ...about, kind: 'up' }, { caller });
  assert.deepEqual(await offered(caller), [], 'the last word about a message counts');
  const { feedback } = await stack.gateway.call(listFeedback, {}, { caller });
  assert.deepEqual(
    feedback.map(({ kind }) => kind),
    ['up', 'down', 'down'],
  );
});

test('what was dismissed is not offered again, and cannot be accepted', async () => {
  const caller = stack.bus.person('pia');
  const { suggestions } = await comment(caller, odd, { kind: 'task', task: 'rewriting' });
  const id = suggestions[0]?.id ?? '';
  await stack.gateway.call(dismissSuggestion, { id }, { caller });
  assert.deepEqual(await offered(caller), []);
  const late = stack.gateway.call(acceptSuggestion, { id }, { caller });
  await assert.rejects(late, { code: 'not_found' });
});

test('only administrators make an exemplar everybody’s', async () => {
  const member = stack.bus.person('una');
  const { suggestions } = await comment(member, odd, { kind: 'task', task: 'math' });
  const wish = { id: suggestions[0]?.id ?? '', scope: 'system' } as const;
  const refused = stack.gateway.call(acceptSuggestion, wish, { caller: member });
  await assert.rejects(refused, { code: 'forbidden' });

  const text = 'Do the usual with the list from yesterday, thanks to you all';
  const admin = stack.bus.person('ada', 'admin');
  const given = await comment(admin, text, { kind: 'task', task: 'data_analysis' });
  const mine = { id: given.suggestions[0]?.id ?? '', scope: 'system' } as const;
  await stack.gateway.call(acceptSuggestion, mine, { caller: admin });
  await waitFor(async () => {
    const { exemplar, profile } = await stack.decide(member, text);
    return profile.task === 'data_analysis' && exemplar?.scope === 'system';
  }, patience);
});

test('feedback that lacks what it is about is refused', async () => {
  const caller = stack.bus.person('mia');
  await assert.rejects(comment(caller, odd, { kind: 'task' }), { code: 'bad_request' });
  await assert.rejects(comment(caller, odd, { kind: 'model' }), { code: 'bad_request' });
});

test('a stored turn is decided again from its record, whatever the rules say by now', async () => {
  const caller = stack.bus.person('ida');
  const { decision, ...about } = await say(caller, 'Who wrote Moby Dick?');
  const then = { model: 'gpt-5.4', fallbacks: ['glm-5'] };
  await stack.add(caller, { name: 'all-to-gpt', priority: 0, then });
  const seen = await stack.gateway.call(replayTurn, about, { caller });
  assert.deepEqual([seen.isSame, seen.differences, seen.profile], [true, [], 'judged-again']);
  assert.equal(seen.replayed.model, decision.model);

  const events = stack.logs.get(`ida/${about.conversationId}`) ?? [];
  const forged = events.map((event) =>
    event.type === 'turn.routed'
      ? { ...event, decision: { ...event.decision, model: 'glm-5' } }
      : event,
  );
  stack.logs.set(`ida/${about.conversationId}`, forged);
  const caught = await stack.gateway.call(replayTurn, about, { caller });
  assert.deepEqual([caught.isSame, caught.differences], [false, ['model']]);
});
