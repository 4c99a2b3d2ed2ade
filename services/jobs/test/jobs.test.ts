import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  getJob,
  type Job,
  listJobs,
  listSchedules,
  makeId,
  putSchedule,
  removeJob,
  removeSchedule,
  retryJob,
  setQueuePaused,
} from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { type JobsRig, startJobsRig } from './jobs-rig.ts';

let rig: JobsRig;
before(async () => {
  rig = await startJobsRig();
  await rig.startJobs();
});
after(() => rig.stop());

const asAdmin = () => ({ caller: rig.admin });
const idOf = (conversationId: string) => `title-mia-${conversationId}`;

function jobIn(state: Job['state'], conversationId: string): Promise<Job> {
  const key = { queue: 'conversations', id: idOf(conversationId) };
  const look = async () => {
    const { job } = await rig.gateway.call(getJob, key, asAdmin());
    return job.state === state && job;
  };
  return waitFor(look, { what: `${state} of ${key.id}`, everyMs: 50 });
}

test('the first answer gives the conversation a title, on behalf of its person', async () => {
  const conversationId = await rig.converse();
  const job = await jobIn('completed', conversationId);
  assert.deepEqual(rig.renamed.at(-1), { conversationId, title: 'Whales and the Sea', by: 'job' });
  assert.match(job.log[0] ?? '', /attempt 1 of 5: Titled by glm-5/);
});

test('a failing job waits longer each time, then an administrator sees why and runs it again', async () => {
  rig.model.isBroken = true;
  const conversationId = await rig.converse();
  const failed = await jobIn('failed', conversationId);
  assert.equal(failed.attemptsMade, 5);
  assert.equal(failed.failedReason, 'too busy');
  assert.equal(failed.log.length, 5);
  const times = failed.log.map((line) => Date.parse(line.split(' ')[0] ?? ''));
  const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  for (const [index, wait] of waits.entries()) {
    assert.ok(wait >= 0.75 * 100 * 2 ** index, `waits were ${waits.join(', ')} ms`);
  }
  const shown = await rig.gateway.call(listJobs, { state: 'failed' }, asAdmin());
  assert.ok(shown.jobs.some(({ id }) => id === failed.id));
  assert.doesNotMatch(JSON.stringify([shown, failed]), new RegExp(rig.person.token));
  assert.deepEqual(failed.data, { conversationId, userId: 'mia' });
  rig.model.isBroken = false;
  await rig.gateway.call(retryJob, { queue: 'conversations', id: failed.id }, asAdmin());
  await jobIn('completed', conversationId);
  await assert.rejects(
    rig.gateway.call(retryJob, { queue: 'conversations', id: failed.id }, asAdmin()),
    { code: 'conflict' },
  );
});

test('members see and change nothing', async () => {
  const member = { caller: rig.person };
  const key = { queue: 'conversations', id: 'x' };
  for (const refused of [
    rig.gateway.call(listJobs, {}, member),
    rig.gateway.call(getJob, key, member),
    rig.gateway.call(retryJob, key, member),
    rig.gateway.call(removeJob, key, member),
    rig.gateway.call(setQueuePaused, { queue: 'conversations', isPaused: true }, member),
    rig.gateway.call(listSchedules, {}, member),
    rig.gateway.call(removeSchedule, { id: 'sweep-retention' }, member),
  ]) {
    await assert.rejects(refused, { code: 'forbidden' });
  }
});

test('unknown queues and jobs are not found', async () => {
  for (const key of [
    { queue: 'nowhere', id: 'x' },
    { queue: 'conversations', id: 'x' },
  ]) {
    await assert.rejects(rig.gateway.call(getJob, key, asAdmin()), { code: 'not_found' });
    await assert.rejects(rig.gateway.call(removeJob, key, asAdmin()), { code: 'not_found' });
  }
});

test('a paused queue keeps its jobs until it is resumed', async () => {
  const queue = 'conversations';
  await rig.gateway.call(setQueuePaused, { queue, isPaused: true }, asAdmin());
  const conversationId = await rig.converse();
  await jobIn('waiting', conversationId);
  const { queues, jobs } = await rig.gateway.call(listJobs, { queue, state: 'waiting' }, asAdmin());
  assert.equal(queues.find(({ name }) => name === queue)?.isPaused, true);
  assert.ok(jobs.some(({ id }) => id === idOf(conversationId)));
  await rig.gateway.call(setQueuePaused, { queue, isPaused: false }, asAdmin());
  await jobIn('completed', conversationId);
});

test('a schedule runs when its time comes', async () => {
  const schedule = { id: 'often', job: 'sweep-retention', everyMs: 1_000 };
  await rig.gateway.call(putSchedule, schedule, asAdmin());
  await waitFor(() => rig.sweeps.length >= 2, { what: 'two sweeps' });
  assert.deepEqual(rig.sweeps[0], { untouchedSince: null });
  const { isRemoved } = await rig.gateway.call(removeSchedule, { id: 'often' }, asAdmin());
  assert.equal(isRemoved, true);
  const { schedules } = await rig.gateway.call(listSchedules, {}, asAdmin());
  assert.deepEqual(schedules.map(({ id, pattern }) => [id, pattern]).toSorted(), [
    ['move-tiers', '0 2 * * *'],
    ['refresh-catalogue', '15 4 * * *'],
    ['summarize-idle', '30 2 * * *'],
    ['sweep-retention', '30 3 * * *'],
  ]);
});

test('the job that reads the vendors’ lists leaves what changed in its log', async () => {
  Object.assign(rig.catalogue, {
    compared: ['openrouter'],
    notCompared: [{ provider: 'zai', why: 'No key: set ZAI_API_KEY.' }],
    changes: Array.from({ length: 25 }, (_, index) => ({
      provider: 'openrouter',
      model: `m${index}`,
      kind: 'went',
      text: `openrouter/m${index} is not in the vendor’s list any more.`,
      isRelied: index === 0,
    })),
    left: 3,
  });
  const schedule = { id: 'look-often', job: 'refresh-catalogue', everyMs: 1_000 };
  await rig.gateway.call(putSchedule, schedule, asAdmin());
  const done = await waitFor(
    async () => {
      const filter = { queue: 'maintenance', state: 'completed' } as const;
      const { jobs } = await rig.gateway.call(listJobs, filter, asAdmin());
      return jobs.find(({ name }) => name === 'refresh-catalogue');
    },
    { what: 'a look at the lists' },
  );
  await rig.gateway.call(removeSchedule, { id: 'look-often' }, asAdmin());
  const [line] = done.log;
  assert.match(line ?? '', /Compared openrouter: 28 changes\. openrouter\/m0 is not in/);
  assert.match(line ?? '', /m19 is not .* And 8 more\. Not compared: zai\. No key/);
  assert.doesNotMatch(line ?? '', /m20/);
});

/** Runs a job of the clock once, and answers the line in its log. */
async function runOnce(job: string): Promise<string> {
  await rig.gateway.call(putSchedule, { id: `${job}-now`, job, everyMs: 600_000 }, asAdmin());
  const done = await waitFor(
    async () => {
      const filter = { queue: 'maintenance', state: 'completed' } as const;
      const { jobs } = await rig.gateway.call(listJobs, filter, asAdmin());
      return jobs.find(({ name }) => name === job);
    },
    { what: job },
  );
  await rig.gateway.call(removeSchedule, { id: `${job}-now` }, asAdmin());
  await rig.gateway.call(removeJob, { queue: 'maintenance', id: done.id }, asAdmin());
  return done.log[0] ?? '';
}

test('tiers are moved portion by portion, each behind the one before', async () => {
  const moved = { toWarm: 2, toCold: 1, freedBytes: 1_000, failed: 0 };
  rig.storage.portions.push({ ...moved, next: 'mia' }, { ...moved, failed: 1, next: null });
  const line = await runOnce('move-tiers');
  assert.deepEqual(rig.storage.movedAfter, [null, 'mia']);
  assert.match(line, /Moved 4 conversations to warm and 2 to cold, .* 2000 bytes\. 1 could not/);
});

test('idle conversations are summarised for who had them, and one refusal leaves the others', async () => {
  const known = [await rig.converse(), await rig.converse()];
  const due = [...known, makeId()].map((conversationId) => ({ userId: 'mia', conversationId }));
  rig.storage.due.push(...due);
  const line = await runOnce('summarize-idle');
  assert.match(line, /Summarised 2 of 3 conversations\.$/, 'one has no log');
  const by = { messageCount: 2, text: '"Whales and the Sea"', by: 'zai/glm-5' };
  assert.deepEqual(
    rig.storage.saved.splice(0),
    known.map((conversationId) => ({ conversationId, ...by })),
  );
  rig.model.isBroken = true;
  const refused = await runOnce('summarize-idle').finally(() => {
    rig.model.isBroken = false;
  });
  assert.match(refused, /Summarised 0 of 3 conversations\. 2 stay without/);
  assert.deepEqual(
    rig.storage.saved.map(({ text, by: why }) => [text, why]),
    [
      [null, 'too busy'],
      [null, 'too busy'],
    ],
  );
});

test('a schedule that cannot be used is refused with a sentence that says why', async () => {
  const job = 'sweep-retention';
  const refused = [
    [{ id: 'a', job, pattern: 'every morning' }, /cannot be used: .+/],
    [{ id: 'a', job, pattern: '99 * * * *' }, /cannot be used: .+/],
    [
      { id: 'a', job, pattern: '0 3 * * *', timeZone: 'Mars/Base' },
      /"Mars\/Base" is not a time zone/,
    ],
    [{ id: 'a', job, pattern: '0 3 * * *', everyMs: 5_000 }, /either/],
    [{ id: 'a', job }, /either/],
    [{ id: 'a', job: 'no-such-job', everyMs: 5_000 }, /There is no job "no-such-job"/],
    [{ id: 'a', job: 'title-conversation', everyMs: 5_000 }, /cannot run by the clock/],
  ] as const;
  for (const [schedule, message] of refused) {
    const put = rig.gateway.call(putSchedule, schedule, asAdmin());
    await assert.rejects(put, { code: 'bad_request', message });
  }
});

test('replicas that start leave what an administrator changed or removed', async () => {
  const list = async () => {
    const { schedules } = await rig.gateway.call(listSchedules, {}, asAdmin());
    return schedules.filter(({ id }) => id === 'sweep-retention');
  };
  const changed = { id: 'sweep-retention', job: 'sweep-retention', pattern: '0 5 * * *' };
  await rig.gateway.call(putSchedule, changed, asAdmin());
  const replicas = await Promise.all([rig.startJobs(), rig.startJobs()]);
  assert.deepEqual(
    (await list()).map(({ pattern }) => pattern),
    ['0 5 * * *'],
  );
  await rig.gateway.call(removeSchedule, { id: 'sweep-retention' }, asAdmin());
  await rig.startJobs();
  assert.deepEqual(await list(), []);
  await Promise.all(replicas.map((one) => one.stop()));
});
