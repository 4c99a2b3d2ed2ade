import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type GatewayRig, startGateway } from './gateway-rig.ts';

let rig: GatewayRig;
before(async () => {
  rig = await startGateway({ MOSAIC_LOCAL_OWNER: '1' });
});
after(() => rig.stop());

test('a local start makes an owner whose token file nobody else can read', async () => {
  assert.equal(statSync(rig.ownerTokenFile).mode & 0o777, 0o600);
  const me = await rig.as(rig.ownerToken())('GET', '/api/me');
  assert.equal(me.status, 200);
  assert.equal(me.body.role, 'admin');
});

test('the first stranger to sign up beside a local owner administers nothing of theirs', async () => {
  const stranger = await rig.signUp('stranger');
  assert.equal((await stranger.ask('GET', '/api/me')).body.role, 'member');
  assert.equal((await stranger.ask('GET', '/api/admin/users')).status, 403);
  const { id } = (await rig.as(rig.ownerToken())('GET', '/api/me')).body;
  const renamed = await stranger.ask('POST', '/api/auth/admin/update-user', {
    userId: id,
    data: { email: 'stranger-too@example.org' },
  });
  assert.equal(renamed.status, 403);
});
