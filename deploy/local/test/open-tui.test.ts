import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@mosaic/test-kit';
import { openPty } from '@mosaic/test-kit/pty';

const main = join(import.meta.dirname, '../src/main.ts');
const startLimitMs = 180_000;

test('with a terminal it opens the client, a second start joins it, and leaving the first stops all', async (t) => {
  const directory = await temporaryDirectory();
  t.after(() => directory.remove());
  const env = { MOSAIC_DATA_DIR: directory.path, MOSAIC_PORT: '0', MOSAIC_DEMO: '1' };
  const open = () => {
    const terminal = openPty([process.execPath, main, 'up', '--open-tui'], { env });
    t.after(() => terminal.close());
    return terminal;
  };
  const first = open();
  await first.waitForText(/Mosaic is ready/, startLimitMs);
  await first.waitForText('/help');
  assert.doesNotMatch(first.output(), /"level":/, 'no log line on the screen');
  const logs = readdirSync(join(directory.path, 'logs'));
  assert.ok(logs.includes('gateway.log') && logs.includes('launcher.log'));

  const second = open();
  await second.waitForText(/already runs at http/);
  await second.waitForText('/help');
  second.type('/quit');
  second.press('enter');
  assert.equal((await second.exit).exitCode, 0);

  const { url } = JSON.parse(readFileSync(join(directory.path, 'run/state.json'), 'utf8'));
  assert.equal((await fetch(`${url}/readyz`)).status, 200, 'it still runs for the first');
  first.type('/quit');
  first.press('enter');
  assert.equal((await first.exit).exitCode, 0);
  await assert.rejects(fetch(`${url}/readyz`));
});
