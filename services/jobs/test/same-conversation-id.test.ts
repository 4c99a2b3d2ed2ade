import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { getJob } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
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
  await waitFor(() => rig.renamed.length === 2, { what: 'two titles' });
  const key = { queue: 'conversations', id: `title-noa-${conversationId}` };
  const { job } = await rig.gateway.call(getJob, key, { caller: rig.admin });
  assert.deepEqual(job.data, { conversationId, userId: 'noa' });
});
