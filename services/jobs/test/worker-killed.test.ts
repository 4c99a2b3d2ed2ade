import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type JobsRig, startJobsRig } from './jobs-rig.ts';

let rig: JobsRig;
before(async () => {
  rig = await startJobsRig();
});
after(() => rig.stop());

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain until ${what}`);
}

test('a job whose worker is killed runs again in another, once', async () => {
  rig.model.isSilent = true;
  const child = await rig.startJobsProcess();
  const conversationId = await rig.converse();
  await until('the job asks the model', () => rig.model.asked === 1);
  await rig.startJobs();
  child.kill('SIGKILL');
  const killedAt = Date.now();
  rig.model.isSilent = false;
  await until('it was titled', () => rig.renamed.length > 0);
  assert.ok(Date.now() - killedAt < 20_000, `took ${Date.now() - killedAt} ms`);
  assert.deepEqual(
    rig.renamed.map((one) => one.conversationId),
    [conversationId],
  );
});
