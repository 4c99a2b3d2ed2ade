import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  applyExtraction,
  extractionKey,
  type FoundMemory,
  getContext,
  listMemories,
  makeId,
  prepareExtraction,
  putPreference,
  saveMemory,
} from '@mosaic/proto';
import { asked, completed, created, toolCalled, toolFinished } from '../event-drafts.ts';
import { type MemoryStack, startMemoryStack } from '../memory-stack.ts';

let stack: MemoryStack;
before(async () => {
  stack = await startMemoryStack();
  await stack.startMemory();
});
after(() => stack.stop());

const as = (userId: string) => ({ caller: stack.caller(userId) });

interface Told {
  readonly conversationId: string;
  readonly messageId: string;
  readonly run: string;
  readonly minSeq: number;
}

/** A conversation with one finished turn. */
async function tell(userId: string, question: string, more: object = {}): Promise<Told> {
  const talk = stack.conversation(userId);
  const messageId = makeId();
  const run = makeId();
  const minSeq = await talk.append(
    { ...created(), ...more },
    asked(messageId, question),
    toolCalled(run, 'call', ''),
    toolFinished(run, 'call', 'TOOL-DUMP with my secret'),
    completed(run, messageId, 'I see.'),
  );
  await stack.agents.call(getContext, { conversationId: talk.id, seq: minSeq }, as(userId));
  return { conversationId: talk.id, messageId, run, minSeq };
}

const prepare = (userId: string, told: Told) =>
  stack.jobs.call(prepareExtraction, told, as(userId));
const apply = (userId: string, told: Told, ...found: Partial<FoundMemory>[]) =>
  stack.jobs.call(
    applyExtraction,
    {
      conversationId: told.conversationId,
      messageId: told.messageId,
      version: 'ollama/llama',
      found: found.map((one) => ({
        kind: 'fact' as const,
        text: '',
        confidence: 1,
        validFrom: null,
        replaces: null,
        ...one,
      })),
    },
    as(userId),
  );
const all = async (userId: string) =>
  (await stack.gateway.call(listMemories, { withSuperseded: true }, as(userId))).memories;

test('a model sees the question and the shown answer, bounded, and nothing else of the turn', async () => {
  const question = `I moved to Kiel last week. ${'More of my words. '.repeat(1_000)}`;
  const prepared = await prepare('ada', await tell('ada', question));
  assert.ok(prepared.isWanted);
  assert.equal(prepared.answer, 'I see.');
  assert.ok(prepared.question.startsWith('I moved to Kiel') && prepared.question.length <= 6_000);
  assert.doesNotMatch(JSON.stringify(prepared), /TOOL-DUMP/);
});

test('turns that say nothing of the person, are incognito or unwanted are not read', async () => {
  const dull = await prepare('bea', await tell('bea', 'What is the capital of Peru?'));
  assert.deepEqual(dull, { isWanted: false, why: 'It says nothing of the person.' });
  const hidden = await prepare('bea', await tell('bea', 'I have a cat', { isIncognito: true }));
  assert.deepEqual(hidden, { isWanted: false, why: 'This conversation is incognito.' });
  await stack.gateway.call(putPreference, { key: extractionKey, value: 'rules' }, as('bea'));
  const byRules = await prepare('bea', await tell('bea', 'I have a cat'));
  assert.deepEqual(byRules, { isWanted: false, why: 'Only rules extract here.' });
  const wrong = { key: extractionKey, value: 'sometimes' };
  await assert.rejects(stack.gateway.call(putPreference, wrong, as('bea')), {
    code: 'bad_request',
  });
});

test('what was found is kept once with its source and model, and doubtful or foreign things are not', async () => {
  const told = await tell('cleo', 'I keep two tortoises in my garden');
  const reply = await apply(
    'cleo',
    told,
    { text: 'Keeps two tortoises' },
    { text: 'keeps two tortoises.' },
    { text: 'Garden may be large', confidence: 0.2 },
    { text: 'Prefers window seats', kind: 'preference' },
  );
  assert.deepEqual(reply, { saved: 1, dropped: 3, isRepeated: false });
  const [kept, ...more] = await all('cleo');
  assert.equal(more.length, 0);
  assert.equal(kept?.text, 'Keeps two tortoises');
  assert.deepEqual(kept?.source, {
    conversationId: told.conversationId,
    messageIds: [told.messageId],
  });
  assert.deepEqual([kept?.extractor, kept?.extractorVersion], ['model', 'ollama/llama']);
  assert.deepEqual(await apply('cleo', told, { text: 'Keeps a garden' }), {
    saved: 0,
    dropped: 0,
    isRepeated: true,
  });
  const again = await prepare('cleo', told);
  assert.deepEqual(again, { isWanted: false, why: 'It was read before.' });
});

test('the same turn applied ten times at once is applied once', async () => {
  const told = await tell('dora', 'I play the oboe');
  const replies = await Promise.all(
    Array.from({ length: 10 }, () => apply('dora', told, { text: 'Plays the oboe' })),
  );
  assert.equal(replies.filter((one) => !one.isRepeated).length, 1);
  assert.equal((await all('dora')).length, 1);
});

test('what is said to be no longer so is superseded, and something unlike it stays', async () => {
  for (const text of ['Lives in Bonn', 'Works in Bonn as a nurse']) {
    await stack.gateway.call(saveMemory, { text }, as('ella'));
  }
  const told = await tell('ella', 'I moved from Bonn, I live in Kiel now');
  await apply('ella', told, { text: 'Lives in Kiel', replaces: 'lives in Bonn' });
  await apply('ella', await tell('ella', 'I gave up my violin'), {
    text: 'Gave up the violin',
    replaces: 'plays the violin',
  });
  const now = (await all('ella')).filter((one) => one.supersededBy === null);
  assert.deepEqual(now.map((one) => one.text).sort(), [
    'Gave up the violin',
    'Lives in Kiel',
    'Works in Bonn as a nurse',
  ]);
  const before = (await all('ella')).find((one) => one.text === 'Lives in Bonn');
  assert.equal(before?.supersededBy, now.find((one) => one.text === 'Lives in Kiel')?.id);
});

test('the turn of somebody else is not there to be read, and nothing is remembered from it', async () => {
  const told = await tell('fred', 'I own a lighthouse');
  await assert.rejects(prepare('gus', told), { code: 'not_found' });
  const stolen = apply('gus', told, { text: 'Owns a lighthouse' });
  await assert.rejects(stolen, { code: 'not_found' });
  assert.deepEqual(await all('gus'), []);
  assert.equal((await apply('fred', told, { text: 'Owns a lighthouse' })).saved, 1);
});
