import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { type GatewayRig, startGateway } from './gateway-rig.ts';

let rig: GatewayRig;
before(async () => {
  rig = await startGateway();
});
after(() => rig.stop());

/** The status of a sign-up as the page at this name would send it. */
async function signUpAt(host: string, name: string): Promise<number | undefined> {
  const headers = { host, origin: `http://${host}`, 'content-type': 'application/json' };
  const sent = request(`${rig.url}/api/auth/sign-up/email`, { method: 'POST', headers });
  sent.end(JSON.stringify({ name, email: `${name}@example.org`, password: 'long enough' }));
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

/** The status that a socket of a page at this name is answered with. */
async function openSocketAt(host: string): Promise<number | undefined> {
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const key = Buffer.from('sixteen bytes ok').toString('base64');
  const headers = { host, ...upgrade, 'sec-websocket-key': key };
  const sent = request(`${rig.url}/ws`, { headers });
  sent.end();
  const [response] = await Promise.race([once(sent, 'response'), once(sent, 'upgrade')]);
  response.destroy();
  return response.statusCode;
}

test('a page whose name was pointed at this machine is not our page', async () => {
  const { port } = new URL(rig.url);
  assert.equal(await signUpAt(`evil.example:${port}`, 'eve'), 403);
  assert.equal(await signUpAt(`127.0.0.1.evil.example:${port}`, 'eva'), 403);
  assert.equal(await openSocketAt(`evil.example:${port}`), 403);
  assert.equal(await openSocketAt(`localhost:${port}`), 101);
  assert.equal(await signUpAt(`localhost:${port}`, 'ada'), 200);
  assert.equal(await signUpAt(`[::1]:${port}`, 'bob'), 200);
});
