import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { allContracts, bridgeInboxPrefix, bridgePermissions, subjectFilter } from '@mosaic/proto';
import { launchMosaic, type RunningMosaic, waitFor } from '@mosaic/test-kit';
import { connect, credsAuthenticator } from '@nats-io/transport-node';

const root = join(import.meta.dirname, '..');
let mosaic: RunningMosaic;
let env: Record<string, string>;
before(async () => {
  mosaic = await launchMosaic();
  const launcher = join(root, 'deploy/local/src/main.ts');
  env = { ...process.env, MOSAIC_DATA_DIR: mosaic.dataDir } as Record<string, string>;
  await promisify(execFile)(process.execPath, [launcher, 'channels', 'add', 'echo'], { env });
});
after(() => mosaic.stop());

const credentialsFile = () => join(mosaic.dataDir, 'credentials', 'bridge-echo.creds');
const natsUrl = async () => {
  const state = JSON.parse(await readFile(join(mosaic.dataDir, 'run', 'state.json'), 'utf8'));
  return (state.natsUrl ?? state.urls?.nats ?? `nats://127.0.0.1:${state.ports.nats}`) as string;
};

test('the echo bridge carries a message in and the answer out', async () => {
  const bridge = spawn(process.execPath, [join(root, 'bridges/echo/src/main.ts')], {
    env: { ...env, NATS_URL: await natsUrl(), MOSAIC_NATS_CREDENTIALS_FILE: credentialsFile() },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  bridge.stdout.on('data', (data) => {
    printed += String(data);
  });
  try {
    bridge.stdin.write('What is the capital of Australia?\n');
    await waitFor(() => /claude-haiku-4-5/.test(printed));
    assert.match(printed, /capital of Australia/);
    bridge.stdin.write('/model auto\n');
    await waitFor(() => printed.includes('/model works in the terminal and on the page, not in a'));
  } finally {
    if (bridge.kill()) await once(bridge, 'exit');
  }
});

test('its credential is refused on every other subject of the catalogue', async () => {
  const bytes = new TextEncoder().encode(await readFile(credentialsFile(), 'utf8'));
  const connection = await connect({
    servers: await natsUrl(),
    authenticator: credsAuthenticator(bytes),
    inboxPrefix: bridgeInboxPrefix('echo'),
  });
  const refused = new Set<string>();
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error') refused.add(String(status.error.message));
    }
  })();
  const own = bridgePermissions('echo').publish;
  const foreign = Object.values(allContracts)
    .map((contract) => subjectFilter(contract.subject).replaceAll('*', 'echo2'))
    .filter((subject) => !own.includes(subject));
  assert.ok(foreign.length > 25);
  for (const subject of foreign) connection.publish(subject, '{}');
  for (const subject of [...foreign, '>', '$SRV.PING', '_INBOX.>']) connection.subscribe(subject);
  await connection.flush();
  await waitFor(() => refused.size >= foreign.length * 2 + 3);
  const all = [...refused].join('\n').toLowerCase();
  for (const subject of foreign) {
    assert.ok(all.includes(`publish to "${subject.toLowerCase()}"`), `publish to ${subject}`);
    assert.ok(all.includes(`subscription to "${subject.toLowerCase()}"`), `listen to ${subject}`);
  }
  await connection.close();
});
