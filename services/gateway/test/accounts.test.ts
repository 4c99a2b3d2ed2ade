import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { ask, type GatewayRig, password, startGateway, type TestPerson } from './gateway-rig.ts';

let rig: GatewayRig;
let ada: TestPerson;
let bob: TestPerson;
before(async () => {
  rig = await startGateway();
  ada = await rig.signUp('ada');
  bob = await rig.signUp('bob');
});
after(() => rig.stop());

test('the first person to sign up is the administrator, the second a member', async () => {
  assert.equal((await ada.ask('GET', '/api/me')).body.role, 'admin');
  assert.equal((await bob.ask('GET', '/api/me')).body.role, 'member');
});

test('nobody signs up with a role of their own choice', async () => {
  const body = { name: 'eve', email: 'eve@example.org', password, role: 'admin' };
  const answer = await ask(`${rig.url}/api/auth/sign-up/email`, { method: 'POST', body });
  assert.equal(answer.status, 400);
  assert.equal(answer.body.error.code, 'bad_request');
});

test('a wrong token, no token and a made-up key are all refused alike', async () => {
  for (const headers of [{}, { authorization: 'Bearer nonsense' }, { 'x-api-key': 'msk_nope' }]) {
    const answer = await ask(`${rig.url}/api/conversations`, { method: 'GET', headers });
    assert.equal(answer.status, 401);
    assert.equal(answer.body.error.code, 'unauthenticated');
    assert.match(answer.body.error.traceId, /^[0-9a-f]{32}$/);
  }
});

test('a wrong password is refused in our own form', async () => {
  const body = { email: 'ada@example.org', password: 'not the one' };
  const answer = await ask(`${rig.url}/api/auth/sign-in/email`, { method: 'POST', body });
  assert.equal(answer.status, 401);
  assert.equal(answer.body.error.code, 'unauthenticated');
});

test('a password is not guessed by many at once, nor by writing the address in another way', async () => {
  await rig.signUp('guessed');
  const guess = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      // `fetch` would write the address anew.
      const sent = request(`${rig.url}`, { method: 'POST', path: `/api/auth${path}`, headers });
      sent.once('response', (response) => resolve(response.resume().statusCode));
      sent.once('error', reject);
      sent.end(JSON.stringify({ email: 'guessed@example.org', password: 'not the one' }));
    });
  const paths = ['/sign-in/email', '/x/../sign-in/email', '/x/%2e%2e/sign-in/email'];
  const statuses = await Promise.all(
    Array.from({ length: 24 }, (_, at) => guess(paths[at % 3] ?? '')),
  );
  assert.equal(statuses.filter((status) => status === 401).length, 10);
  assert.equal(statuses.filter((status) => status === 429).length, 14);
  for (const path of paths) assert.equal(await guess(path), 429, path);
});

test('the token that sign-in answers with works until sign-out, and then not any more', async () => {
  const body = { email: 'bob@example.org', password };
  const signIn = await ask(`${rig.url}/api/auth/sign-in/email`, { method: 'POST', body });
  const asBob = rig.as(signIn.body.token);
  assert.equal((await asBob('GET', '/api/me')).body.email, 'bob@example.org');
  assert.equal((await asBob('POST', '/api/auth/sign-out', {})).status, 200);
  assert.equal((await asBob('GET', '/api/me')).status, 401);
});

test('a cookie signs in pages of our own, and changes nothing for pages of others', async () => {
  const body = { email: 'bob@example.org', password };
  const signIn = await ask(`${rig.url}/api/auth/sign-in/email`, { method: 'POST', body });
  const cookie = signIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  assert.match(cookie, /^mosaic\.session_token=/);
  const post = (origin: string) =>
    ask(`${rig.url}/api/conversations`, { method: 'POST', body: {}, headers: { cookie, origin } });
  assert.equal((await post(rig.url)).status, 201);
  const forged = await post('https://evil.example');
  assert.equal(forged.status, 403);
  assert.equal(forged.body.error.code, 'forbidden');
});

test('an API key is shown once, works, and is dead at once when it is deleted', async () => {
  const made = await bob.ask('POST', '/api/keys', { name: 'script', scopes: ['chat'] });
  assert.equal(made.status, 201);
  assert.match(made.body.key, /^msk_/);
  const withKey = rig.as(made.body.key);
  assert.equal((await withKey('GET', '/api/me')).body.signedInBy, 'key');
  const listed = await bob.ask('GET', '/api/keys');
  assert.equal(listed.body.keys.length, 1);
  assert.equal(JSON.stringify(listed.body).includes(made.body.key), false);
  assert.equal((await ada.ask('DELETE', `/api/keys/${made.body.id}`)).status, 404);
  assert.equal((await bob.ask('DELETE', `/api/keys/${made.body.id}`)).status, 204);
  assert.equal((await withKey('GET', '/api/me')).status, 401);
});

test('a limited key talks, and neither administers nor makes keys without its limits', async () => {
  const { key } = (await ada.ask('POST', '/api/keys', { name: 'bot', scopes: ['chat'] })).body;
  const asBot = rig.as(key);
  assert.equal((await asBot('POST', '/api/conversations', {})).status, 201);
  assert.equal((await asBot('GET', '/api/admin/users')).status, 403);
  assert.equal((await asBot('POST', '/api/keys', { name: 'more' })).status, 403);
  const admin = (await ada.ask('POST', '/api/keys', { name: 'ops', scopes: ['admin'] })).body.key;
  assert.equal((await rig.as(admin)('GET', '/api/admin/users')).status, 200);
});

test('a limited key that manages keys passes its limits on', async () => {
  const scopes = ['keys', 'chat'];
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  const { key } = (await ada.ask('POST', '/api/keys', { name: 'm', scopes, expiresAt })).body;
  const asManager = rig.as(key);
  const heir = (await asManager('POST', '/api/keys', { name: 'heir' })).body;
  assert.equal((await rig.as(heir.key)('GET', '/api/admin/users')).status, 403);
  const { keys } = (await ada.ask('GET', '/api/keys')).body;
  const shown = keys.find((one: { id: string }) => one.id === heir.id);
  assert.deepEqual(shown.scopes, scopes);
  assert.equal(shown.expiresAt, expiresAt);
  for (const wider of [[], ['admin'], ['chat', 'admin']]) {
    const refused = await asManager('POST', '/api/keys', { name: 'wide', scopes: wider });
    assert.equal(refused.status, 403, wider.join());
  }
  const narrow = await asManager('POST', '/api/keys', { name: 'narrow', scopes: ['chat'] });
  assert.equal(narrow.status, 201);
});

test('a key ends when it was said to end', async () => {
  const endsAt = Date.now() + 1_000;
  const expiresAt = new Date(endsAt).toISOString();
  const { key } = (await bob.ask('POST', '/api/keys', { name: 'brief', expiresAt })).body;
  for (let askedAt = 0; askedAt < endsAt; ) {
    askedAt = Date.now();
    const { status } = await rig.as(key)('GET', '/api/me');
    if (Date.now() < endsAt) assert.equal(status, 200);
    if (askedAt >= endsAt) assert.equal(status, 401);
  }
});

test('a member gets 403 from every admin address, known or not', async () => {
  const paths = ['jobs', 'jobs/q/1', 'jobs/schedules', 'services', 'users', 'channels', 'nothing'];
  for (const path of paths) {
    const answer = await bob.ask('GET', `/api/admin/${path}`);
    assert.equal(answer.status, 403, path);
    assert.equal(answer.body.error.code, 'forbidden');
  }
  assert.equal((await ada.ask('GET', '/api/admin/jobs')).status, 200);
  const users = (await ada.ask('GET', '/api/admin/users')).body.users;
  assert.ok(users.some((user: { email: string }) => user.email === 'bob@example.org'));
});

test('a new role and a ban hold at once, for keys too', async () => {
  const eve = await rig.signUp('eva');
  const { key } = (await eve.ask('POST', '/api/keys', { name: 'hers' })).body;
  assert.equal((await rig.as(key)('GET', '/api/admin/users')).status, 403);
  const change = (path: string, body: object) =>
    ada.ask('POST', `/api/auth/admin/${path}`, { userId: eve.id, ...body });
  assert.equal((await change('set-role', { role: 'admin' })).status, 200);
  assert.equal((await rig.as(key)('GET', '/api/admin/users')).status, 200);
  assert.equal((await change('ban-user', {})).status, 200);
  assert.equal((await rig.as(key)('GET', '/api/me')).status, 401);
  assert.equal((await eve.ask('GET', '/api/me')).status, 401);
});

test('an administrator cannot slip into the account of somebody else', async () => {
  const body = { userId: bob.id };
  const answer = await ada.ask('POST', '/api/auth/admin/impersonate-user', body);
  assert.equal(answer.status, 404);
  assert.equal((await ada.ask('GET', '/api/me')).body.id, ada.id);
  const sessions = await ada.ask('POST', '/api/auth/admin/list-user-sessions', body);
  assert.equal(JSON.stringify(sessions.body).includes(bob.token), false);
  assert.equal(sessions.status, 404);
});

test('a stream of events ends when the session behind it does', async () => {
  const signIn = { email: 'bob@example.org', password };
  const url = `${rig.url}/api/auth/sign-in/email`;
  const { token } = (await ask(url, { method: 'POST', body: signIn })).body;
  const id = await bob.open();
  const response = await fetch(`${rig.url}/api/conversations/${id}/events`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const ended = response.text();
  assert.equal((await rig.as(token)('POST', '/api/auth/sign-out', {})).status, 200);
  const stayed = new Promise((resolve) => setTimeout(resolve, 60_000, 'it goes on').unref());
  assert.match(String(await Promise.race([ended, stayed])), /^id: 1\n/);
});

test('JSON that is nested without an end is a bad request, not a failure of ours', async () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const body = `{"model":"auto","messages":[{"role":"user","content":"x"}],"metadata":${deep}}`;
  const door = await bob.ask('POST', '/v1/chat/completions', body);
  assert.equal(door.status, 400);
  const account = `{"email":${deep},"password":"x"}`;
  const signIn = await ask(`${rig.url}/api/auth/sign-in/email`, { method: 'POST', body: account });
  assert.equal(signIn.status, 400);
  assert.equal(signIn.body.error.code, 'bad_request');
});

test('readiness names what is missing and holds when every service is there', async () => {
  const answer = await ask(`${rig.url}/readyz`, { method: 'GET' });
  assert.deepEqual(answer.body.failing, []);
  assert.equal(answer.status, 200);
});

test('people who were let in go on while the database is away', async () => {
  const id = await bob.open();
  await rig.stopDatabase();
  const sent = await bob.ask('POST', `/api/conversations/${id}/messages?wait=1`, { text: 'hi' });
  assert.equal(sent.status, 200);
  assert.equal(sent.body.message.content, 'Hello there');
  const stranger = await rig.as('unknown')('GET', '/api/me');
  assert.equal(stranger.status, 503);
});
