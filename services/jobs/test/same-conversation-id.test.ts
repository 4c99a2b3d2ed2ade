import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { getJob } from '@mosaic/proto';
import { type JobsRig, startJobsRig } from './jobs-rig.ts';

let rig: JobsRig;
before(async () => {
  rig = await startJobsRig();
  await rig.startJobs();
});
after(() => rig.stop());

test('two people who chose the same id for a conversation both get their title', async () => {
  const conversationId = await rig.converse();
  await rig.converse({ conversationId, person: rig.bus.person('noa') });
  for (const until = Date.now() + 10_000; rig.renamed.length < 2 && Date.now() < until; ) {
    await setTimeout(50);
  }
  assert.equal(rig.renamed.length, 2);
  const key = { queue: 'conversations', id: `title-noa-${conversationId}` };
  const { job } = await rig.gateway.call(getJob, key, { caller: rig.admin });
  assert.deepEqual(job.data, { conversationId, userId: 'noa' });
});
