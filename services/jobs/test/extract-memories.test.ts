import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { getJob, type Job, listJobs, MosaicError, makeId } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { memoriesFrom } from '../src/app/memories-from-turn.ts';
import { type JobsRig, startJobsRig } from './jobs-rig.ts';

let rig: JobsRig;
before(async () => {
  rig = await startJobsRig();
  await rig.startJobs();
});
after(() => rig.stop());

/** The job of a conversation's only question, when it is in this state. */
function jobOf(conversationId: string, state: Job['state']): Promise<Job> {
  const caller = { caller: rig.admin };
  const look = async () => {
    const { jobs } = await rig.gateway.call(listJobs, { limit: 200 }, caller);
    const found = jobs.find(({ id }) => id.startsWith(`memories-mia-${conversationId}-`));
    if (found?.state !== state) return false;
    return (await rig.gateway.call(getJob, { queue: found.queue, id: found.id }, caller)).job;
  };
  return waitFor(look, { what: `${state} extraction`, everyMs: 50 });
}

const memory = { kind: 'fact', text: 'Has a sailing boat', confidence: 1 };
const answer = (...memories: object[]) =>
  JSON.stringify({
    memories: memories.map((one) => ({ valid_from: null, replaces: null, ...memory, ...one })),
  });

const memoriesJobsOf = async (conversationId: string) => {
  const { jobs } = await rig.gateway.call(listJobs, { limit: 200 }, { caller: rig.admin });
  return jobs.filter(({ id }) => id.startsWith(`memories-mia-${conversationId}-`));
};

test('what memory does not want to be read is no job and costs no model call', async () => {
  rig.extraction.turn = null;
  const unread = await rig.converse();
  await waitFor(() => rig.extraction.failures < 0, { what: 'the question to memory' });
  rig.extraction.turn = { question: 'I have a boat', answer: 'Nice!' };
  rig.extraction.modelSays = answer();
  await jobOf(await rig.converse(), 'completed');
  assert.deepEqual(await memoriesJobsOf(unread), []);
  assert.equal(rig.extraction.asked.length, 1);
});

test('a turn waits in a job while memory can not say whether it is to be read', async () => {
  rig.extraction.failures = 2;
  const job = await jobOf(await rig.converse(), 'completed');
  assert.equal(job.log.length, 2);
  assert.match(job.log[0] ?? '', /attempt 1 of 4 failed/);
});

test('a turn is read by the model that the router chose, and what it found is handed to memory', async () => {
  rig.extraction.turn = { question: 'I sold my canoe and have a boat now', answer: 'Nice!' };
  rig.extraction.modelSays = `\`\`\`json\n${answer({ replaces: 'has a canoe' }, { text: '' })}\n\`\`\``;
  const conversationId = await rig.converse();
  const job = await jobOf(conversationId, 'completed');
  assert.match(job.log[0] ?? '', /Remembered 1, dropped 0; read by zai\/glm-5/);
  const applied = rig.extraction.applied.at(-1);
  assert.equal(applied?.conversationId, conversationId);
  assert.equal(applied?.version, 'zai/glm-5');
  assert.deepEqual(applied?.found, [{ ...memory, validFrom: null, replaces: 'has a canoe' }]);
  const request = rig.extraction.asked.at(-1);
  assert.equal(request?.outputFormat?.type, 'json-schema');
  assert.equal(request?.turns.length, 1);
  assert.match(JSON.stringify(request?.turns), /I sold my canoe/);
  assert.doesNotMatch(JSON.stringify(job), new RegExp(rig.person.token));
});

test('an answer that is no list of memories is tried again and then left', async () => {
  rig.extraction.turn = { question: 'I have a boat', answer: '' };
  rig.extraction.modelSays = 'You have a boat!';
  const before = rig.extraction.applied.length;
  const job = await jobOf(await rig.converse(), 'failed');
  assert.equal(job.attemptsMade, 4);
  assert.match(job.failedReason ?? '', /something else than memories/);
  assert.equal(rig.extraction.applied.length, before);
});

test('a model’s answer is read strictly, and single memories that can not be kept are left out', () => {
  const dated = memoriesFrom(answer({ valid_from: '2026-05-03' }, { valid_from: 'soon' }));
  assert.deepEqual(
    dated.map((one) => one.validFrom),
    ['2026-05-03T00:00:00.000Z', null],
  );
  assert.equal(memoriesFrom(answer({ confidence: 7 }, {}, { text: 'x'.repeat(900) })).length, 1);
  assert.equal(memoriesFrom(answer(...Array.from({ length: 50 }, () => ({})))).length, 8);
  const wrong = ['', '[]', '{}', '{"memories":[{"text":"x"}]}', answer({ id: makeId() }), 'null'];
  for (const text of wrong) {
    assert.throws(() => memoriesFrom(text), MosaicError, text);
  }
});
