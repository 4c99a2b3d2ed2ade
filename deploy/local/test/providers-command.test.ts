import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { launchMosaic, type RunningMosaic } from '@mosaic/test-kit';
import { openPty } from '@mosaic/test-kit/pty';

const main = join(import.meta.dirname, '../src/main.ts');
let mosaic: RunningMosaic;
before(async () => {
  // Neither vendor has a key of the installation.
  const env = { ANTHROPIC_API_KEY: '', ZAI_API_KEY: '', MOSAIC_LOG_LEVEL: 'trace' };
  mosaic = await launchMosaic({ env });
});
after(() => mosaic.stop());

/** Runs the command beside this process, which is where the vendors answer. */
async function providers(args: readonly string[], input = '') {
  const env = { PATH: process.env['PATH'], MOSAIC_DATA_DIR: mosaic.dataDir };
  const child = spawn(process.execPath, [main, 'providers', ...args], { env });
  child.stdin.end(input);
  const ended = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await ended;
  return { status, stdout, stderr };
}

async function complete(model: string) {
  mosaic.vendors.clearJournal();
  const answer = await fetch(`${mosaic.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${mosaic.ownerToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  const headers = mosaic.vendors.journal.find((one) => one.model !== null)?.headers;
  const provider = answer.headers.get('x-mosaic-provider');
  return { provider, key: headers?.['x-api-key'] ?? headers?.['authorization'] };
}

/** Files of the data directory that hold these bytes: database, streams and logs. */
function filesWith(bytes: string): readonly string[] {
  return readdirSync(mosaic.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(bytes));
}

const piped = 'sk-ant-PIPED-IN-0001';
const typed = 'zai-TYPED-AT-THE-PROMPT-0002';

test('a key that is piped in is tested, kept and used for the next message', async () => {
  assert.match(
    (await providers([])).stdout,
    /^anthropic +absent +– +– +No key: set ANTHROPIC_API_KEY/m,
  );
  assert.notEqual((await complete('anthropic/claude-haiku-4-5')).provider, 'anthropic');
  const { status, stderr, stdout } = await providers(['set', 'anthropic'], `${piped}\n`);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^anthropic, your key …0001: works$/m);
  assert.match((await providers(['list'])).stdout, /^anthropic +ready +…0001 +works$/m);
  const answer = await complete('anthropic/claude-haiku-4-5');
  assert.deepEqual(answer, { provider: 'anthropic', key: 'Bearer …0001' });
});

test('a key that is typed is not shown', async (t) => {
  const env = { MOSAIC_DATA_DIR: mosaic.dataDir };
  const terminal = openPty([process.execPath, main, 'providers', 'set', 'zai'], { env });
  t.after(() => terminal.close());
  await terminal.waitForText('Key for zai (not shown):');
  terminal.type(typed);
  terminal.press('enter');
  await terminal.waitForText('your key …0002: works');
  assert.equal((await terminal.exit).exitCode, 0);
  assert.doesNotMatch(terminal.output(), /TYPED/);
  assert.equal((await complete('zai/glm-5')).key, 'Bearer …0002');
});

test('a prompt that is left with Ctrl-C keeps nothing', async (t) => {
  const env = { MOSAIC_DATA_DIR: mosaic.dataDir };
  const terminal = openPty([process.execPath, main, 'providers', 'set', 'openai'], { env });
  t.after(() => terminal.close());
  await terminal.waitForText('Key for openai');
  terminal.press('ctrl-c');
  assert.equal((await terminal.exit).exitCode, 1);
  assert.match((await providers(['list'])).stdout, /^openai +ready +– +–$/m);
});

test('a refused key is not kept, and the vendor’s words are the answer', async () => {
  const { status, stderr } = await providers(['set', 'openrouter'], 'bad-key-of-openrouter-0003');
  assert.equal(status, 1);
  assert.match(
    stderr,
    /The key …0003 was refused by the vendor.*User not found.*\[provider_auth\]/,
  );
  assert.match((await providers(['list'])).stdout, /^openrouter +ready +– +–$/m);
});

test('a key on the command line is refused without being repeated', async () => {
  const { status, stderr, stdout } = await providers(['set', 'anthropic', 'sk-ant-ARGUMENT-0004']);
  assert.equal(status, 1);
  assert.match(stderr, /not given on the command line/);
  assert.doesNotMatch(stdout + stderr, /ARGUMENT/);
});

test('test asks about one’s own keys, and about the installation’s where there are none', async () => {
  const own = await providers(['test', 'anthropic']);
  assert.equal(own.status, 0, own.stderr);
  assert.match(own.stdout, /^anthropic, your key …0001: works$/m);
  assert.match(
    (await providers(['test', 'openai'])).stdout,
    /by the key of this installation: works/,
  );
  const none = await providers(['test', 'nobody']);
  assert.match(none.stderr, /Say which vendor: anthropic.*\[bad_request\]/);
});

test('no file of the installation holds a key, and no line that it printed', () => {
  for (const part of ['PIPED-IN', 'TYPED-AT', 'bad-key-of-openrouter']) {
    assert.deepEqual(filesWith(part), [], part);
    assert.equal(mosaic.output().includes(part), false, part);
  }
  // The control: what is kept in the open is found by the same search.
  assert.ok(filesWith('vendor_credential').length > 0);
});

test('a removed key serves no more', async () => {
  assert.equal((await providers(['remove', 'anthropic'])).status, 0);
  assert.match((await providers([])).stdout, /^anthropic +absent +– +–/m);
  assert.notEqual((await complete('anthropic/claude-haiku-4-5')).provider, 'anthropic');
});
