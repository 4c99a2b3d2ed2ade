import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, type GatewayRig, password, startGateway } from './gateway-rig.ts';

const admin = { email: 'admin@example.org', password };
let rig: GatewayRig;
before(async () => {
  rig = await startGateway({
    MOSAIC_SIGN_UP: 'closed',
    MOSAIC_ADMIN_EMAIL: admin.email,
    MOSAIC_ADMIN_PASSWORD: admin.password,
  });
});
after(() => rig.stop());

const send = (path: string, body: object) =>
  ask(`${rig.url}/api/auth${path}`, { method: 'POST', body });

test('where signing up is closed, an administrator makes the accounts and nobody else', async () => {
  const eve = { name: 'eve', email: 'eve@example.org', password };
  const refused = await send('/sign-up/email', eve);
  assert.equal(refused.status, 403);
  assert.match(refused.body.error.message, /whoever runs this Mosaic makes the accounts/);
  assert.equal((await send('/Sign-Up/email/', eve)).status, 403);
  const { body: signedIn } = await send('/sign-in/email', admin);
  const asAdmin = rig.as(signedIn.token);
  assert.equal((await asAdmin('GET', '/api/admin/users')).body.users.length, 1);
  assert.equal((await asAdmin('POST', '/api/auth/admin/create-user', eve)).status, 200);
  assert.equal((await send('/sign-in/email', eve)).status, 200);
});
