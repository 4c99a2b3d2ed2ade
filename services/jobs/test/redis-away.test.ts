import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listJobs, setQueuePaused } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { type JobsRig, startJobsRig } from './jobs-rig.ts';

let rig: JobsRig;
let jobs: Awaited<ReturnType<JobsRig['startJobs']>>;
before(async () => {
  rig = await startJobsRig();
  jobs = await rig.startJobs();
});
after(() => rig.stop());

async function untilTitled(conversationIds: readonly string[]): Promise<void> {
  const isTitled = (id: string) => rig.renamed.some(({ conversationId }) => conversationId === id);
  await waitFor(() => conversationIds.every(isTitled), { what: 'every title' });
}

test('jobs and triggers survive a Redis that is killed, and go on when it is back', async () => {
  const queue = 'conversations';
  const caller = rig.admin;
  await rig.gateway.call(setQueuePaused, { queue, isPaused: true }, { caller });
  const before = await Promise.all([rig.converse(), rig.converse(), rig.converse()]);
  for (let waiting = 0; waiting < 3; ) {
    const found = await rig.gateway.call(listJobs, { queue, state: 'waiting' }, { caller });
    waiting = found.jobs.length;
  }
  // Redis writes its file to the disk each second.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await rig.redis.kill();
  const during = await Promise.all([rig.converse(), rig.converse()]);
  await assert.rejects(rig.gateway.call(listJobs, {}, { caller }), { code: 'service_unavailable' });
  assert.deepEqual(await jobs.notReady(), ['redis']);
  await rig.redis.start();
  for (;;) {
    const resumed = rig.gateway.call(setQueuePaused, { queue, isPaused: false }, { caller });
    if (
      await resumed.then(
        () => true,
        () => false,
      )
    )
      break;
  }
  await untilTitled([...before, ...during]);
  assert.equal(rig.renamed.length, 5, 'each once');
  assert.deepEqual(await jobs.notReady(), []);
});
