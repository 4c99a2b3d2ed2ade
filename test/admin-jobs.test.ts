import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchMosaic, type RunningMosaic, waitFor } from '@mosaic/test-kit';
import { owner, type Person, signUp } from './person.ts';

const backoffMs = 300;
let mosaic: RunningMosaic;
let admin: Person;
before(async () => {
  mosaic = await launchMosaic({ env: { MOSAIC_JOB_BACKOFF_MS: String(backoffMs) } });
  admin = owner(mosaic);
});
after(() => mosaic.stop());

interface ListedJob {
  readonly queue: string;
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly attemptsMade: number;
  readonly log: readonly string[];
}

const jobs = async (query: string): Promise<ListedJob[]> =>
  (await admin.request('GET', `/api/admin/jobs${query}`)).body.jobs;

test('a failing job retries with growing delays, is inspected and retried by the administrator', async () => {
  const id = await admin.open();
  // The answer comes from Anthropic; the title is asked of GLM, which refuses the request as such.
  await admin.request('PATCH', `/api/conversations/${id}`, { model: 'claude-opus-4-6' });
  mosaic.vendors.script({ vendor: 'zai', times: 200, fault: { kind: 'status', status: 400 } });
  await admin.say(id, 'Hello there, friend');
  let failed: ListedJob | undefined;
  await waitFor(async () => {
    failed = (await jobs('?state=failed')).find((job) => job.id.endsWith(id));
    return failed !== undefined;
  });
  assert.ok(failed);
  assert.equal(failed.attemptsMade, 5);
  const path = `/api/admin/jobs/${failed.queue}/${failed.id}`;
  const { body } = await admin.request('GET', path);
  const times = body.job.log.map((line: string) => Date.parse(line.split(' ')[0] ?? ''));
  const gaps = times.slice(1).map((time: number, index: number) => time - times[index]);
  assert.equal(gaps.length, 4);
  // Twice as long each time, less a fifth by chance; what the machine adds is its own affair.
  for (const [index, gap] of gaps.entries()) {
    assert.ok(gap >= 0.8 * backoffMs * 2 ** index, gaps.join(' '));
  }
  assert.equal(JSON.stringify(body).includes('token'), false, 'no signature is shown');

  mosaic.vendors.clearScripts();
  const retried = await admin.request('POST', `${path}/retry`);
  assert.equal(retried.status, 200);
  await waitFor(async () => (await admin.request('GET', path)).body.job.state === 'completed');
});

test('members are refused whatever they ask of the jobs', async () => {
  await signUp(mosaic, 'the-first-is-admin');
  const member = await signUp(mosaic, 'mia');
  const routes: [string, string, object?][] = [
    ['GET', ''],
    ['GET', '/conversations/x'],
    ['POST', '/conversations/x/retry'],
    ['DELETE', '/conversations/x'],
    ['GET', '/schedules'],
    ['POST', '/schedules', { id: 'x', job: 'sweep-retention', everyMs: 1000 }],
    ['DELETE', '/schedules/x'],
    ['POST', '/queues/conversations/pause'],
  ];
  for (const [method, path, body] of routes) {
    const reply = await member.request(method, `/api/admin/jobs${path}`, body);
    assert.equal(reply.status, 403, `${method} ${path}`);
    assert.equal(reply.body.error.code, 'forbidden');
  }
});

test('the retention sweep is scheduled and a schedule really runs', async () => {
  const { body } = await admin.request('GET', '/api/admin/jobs/schedules');
  assert.ok(
    body.schedules.some(
      (one: { job: string; nextAt: string }) => one.job === 'sweep-retention' && one.nextAt,
    ),
  );
  await admin.request('POST', '/api/admin/jobs/schedules', {
    id: 'often',
    job: 'sweep-retention',
    everyMs: 1_000,
  });
  await waitFor(async () => (await jobs('?queue=maintenance&state=completed')).length >= 1);
  const removed = await admin.request('DELETE', '/api/admin/jobs/schedules/often');
  assert.ok(removed.status < 300);
});
