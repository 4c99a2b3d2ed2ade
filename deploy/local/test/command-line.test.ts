import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type TemporaryDirectory, temporaryDirectory } from '@mosaic/test-kit';
import { tableLines } from '../src/command-line/print-table.ts';

const main = join(import.meta.dirname, '../src/main.ts');
let directory: TemporaryDirectory;
before(async () => {
  directory = await temporaryDirectory();
});
after(() => directory.remove());

/** Runs the command with nothing of this machine's own settings. */
function mosaic(args: readonly string[], env: Record<string, string> = {}) {
  const result = spawnSync(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], MOSAIC_DATA_DIR: join(directory.path, 'none'), ...env },
    encoding: 'utf8',
    timeout: 120_000,
  });
  assert.doesNotMatch(result.stderr, /\n\s+at /, 'no stack');
  return result;
}

test('help and version are answered by the launcher alone', () => {
  const help = mosaic(['--help']);
  assert.equal(help.status, 0);
  for (const name of ['up', 'down', 'status', 'doctor', 'ask', 'channels']) {
    assert.match(help.stdout, new RegExp(`^  ${name} `, 'm'));
  }
  assert.match(mosaic(['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
  assert.match(mosaic(['channels', '--help']).stdout, /--expires DAYS/);
});

test('what a line quotes can neither steer the terminal nor turn text around', () => {
  const { stderr } = mosaic(['\u001b]52;c;ZXZpbA==\u0007\u009b2J\u202etxt']);
  assert.match(stderr, /"\\u001b\]52;c;ZXZpbA==\\u0007\\u009b2J\\u202etxt"/);
});

const refusals: readonly [string, readonly string[], Record<string, string>, RegExp][] = [
  ['an unknown command names the nearest', ['doctr'], {}, /Did you mean "doctor"\?/],
  ['an unknown option names the nearest', ['up', '--isolat'], {}, /"--isolate"\? \[bad_request\]/],
  ['a word too many', ['up', 'now'], {}, /takes no "now".*\[bad_request\]/],
  ['a port that is none', ['up', '--port', 'x'], {}, /MOSAIC_PORT.*\[bad_configuration\]/s],
  ['a client without Mosaic', ['tui'], {}, /npm start.*\[service_unavailable\]/],
  ['a list without Mosaic', ['models'], {}, /npm start.*\[service_unavailable\]/],
  ['an unknown shell', ['completion', 'tcsh'], {}, /bash, zsh or fish/],
  ['a bus without address', ['provision'], {}, /NATS_URL is not set/],
  ['a negative expiry', ['channels', 'add', 'irc', '--expires', '-1'], {}, /\[bad_request\]/],
];
for (const [name, args, env, sentence] of refusals) {
  test(`${name}: one sentence with its code, and exit code 1`, () => {
    const { status, stderr } = mosaic(args, env);
    assert.equal(status, 1);
    assert.match(stderr, sentence);
  });
}

test('ask has exit codes of its own, also before anything is asked', () => {
  const away = mosaic(['ask', 'hello'], {});
  assert.equal(away.status, 3);
  assert.match(away.stderr, /npm start.*\[service_unavailable\]/);
  const slip = mosaic(['ask', 'hello', '--modle', 'x'], {});
  assert.equal(slip.status, 2);
  assert.match(slip.stderr, /Did you mean "--model"\?/);
});

test('completion knows every command and the options of each', () => {
  const { stdout: script } = mosaic(['completion', 'bash'], {});
  const complete = (...words: string[]): string => {
    const typed = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _mosaic`;
    const run = `eval "$1"; ${typed}; echo "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', run, 'bash', script], { encoding: 'utf8' }).trim();
  };
  assert.equal(complete('mosaic', 'comp'), 'completion');
  assert.equal(complete('mosaic', 'ask', '--co'), '--conversation');
  for (const shell of ['zsh', 'fish']) {
    assert.match(
      mosaic(['completion', shell], {}).stdout,
      /ask.*ask one question[\s\S]*conversation/,
    );
  }
});

test('a data directory that is a file, or lies below one, stops the start with a sentence', () => {
  const file = join(directory.path, 'file');
  writeFileSync(file, '');
  for (const path of [file, join(file, 'below'), '/proc/mosaic']) {
    const { status, stderr } = mosaic(['up', '--data-dir', path]);
    assert.equal(status, 1);
    assert.match(stderr, /can't be written \(\w+\).*\[bad_configuration\]/);
  }
});

test('a port that was asked for and is taken stops the start before any server runs', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const address = blocker.address();
  assert.ok(typeof address === 'object' && address !== null);
  const dataDir = join(directory.path, 'taken');
  const { status, stderr } = mosaic(['up'], {
    MOSAIC_DATA_DIR: dataDir,
    MOSAIC_PORT: String(address.port),
  });
  blocker.close();
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`Port ${address.port} is in use`));
  assert.ok(!existsSync(join(dataDir, 'nats')));
});

test('a missing server program is named with how to install it', () => {
  // The usual places are searched too, so this can only be seen where they have none.
  const usual = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/bin', '/sbin', '/opt/homebrew/bin'];
  const { stdout } = mosaic(['doctor', '--json'], { PATH: '/nowhere' });
  const { findings } = JSON.parse(stdout) as { findings: { check: string; state: string }[] };
  for (const name of ['nats-server', 'redis-server']) {
    const isThere = usual.some((folder) => existsSync(join(folder, name)));
    const state = findings.find((finding) => finding.check === name)?.state;
    assert.equal(state, isThere ? 'ok' : 'missing');
  }
});

test('init writes every secret for its owner alone, and keeps its keys when run again', () => {
  const folder = join(directory.path, 'secrets');
  assert.equal(mosaic(['init', '--out', folder]).status, 0);
  const files = readdirSync(folder);
  for (const name of ['gateway.creds', 'provisioner.creds', 'nats.conf', 'database-url']) {
    assert.ok(files.includes(name), name);
  }
  for (const name of files) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  assert.ok(read('database-url').includes(read('postgres-password')));
  const [seed, password] = [read('caller-seed'), read('postgres-password')];
  assert.match(mosaic(['init', '--out', folder]).stdout, /New credentials from the keys/);
  assert.deepEqual([read('caller-seed'), read('postgres-password')], [seed, password]);
});

test('a keys file that is torn is not replaced by a new one', () => {
  const folder = join(directory.path, 'torn');
  mkdirSync(folder);
  writeFileSync(join(folder, 'keys.json'), '{"version":1');
  const { status, stderr } = mosaic(['init', '--out', folder]);
  assert.equal(status, 1);
  assert.match(stderr, /keys\.json.*backup/);
  assert.equal(readFileSync(join(folder, 'keys.json'), 'utf8'), '{"version":1');
});

test('status and down of a directory where nothing runs say so', () => {
  const status = mosaic(['status', '--json']);
  assert.equal(status.status, 1);
  assert.equal(JSON.parse(status.stdout).isRunning, false);
  assert.match(mosaic(['down']).stdout, /No Mosaic runs/);
});

test('a table is as wide as its widest cell and has no spaces at its ends', () => {
  assert.deepEqual(
    tableLines(
      ['id', 'name'],
      [
        ['1', 'first'],
        ['2345', ''],
      ],
    ),
    ['ID    NAME', '1     first', '2345'],
  );
});
