import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
import { type JobsRig, startJobsRig } from './jobs-rig.ts';

let rig: JobsRig;
before(async () => {
  rig = await startJobsRig();
});
after(() => rig.stop());

test('a job whose worker is killed runs again in another, once', async () => {
  rig.model.isSilent = true;
  const child = await rig.startJobsProcess();
  const conversationId = await rig.converse();
  await waitFor(() => rig.model.asked === 1, { what: 'a question to the model' });
  await rig.startJobs();
  child.kill('SIGKILL');
  rig.model.isSilent = false;
  await waitFor(() => rig.renamed, { what: 'the title' });
  assert.deepEqual(
    rig.renamed.map((one) => one.conversationId),
    [conversationId],
  );
});
