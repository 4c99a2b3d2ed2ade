import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Facts } from '../src/checkup/facts.ts';
import { gatherFacts } from '../src/checkup/gather-facts.ts';
import { judgeFacts } from '../src/checkup/judge-facts.ts';

const healthy: Facts = {
  nodeVersion: '24.1.0',
  isBundledNode: true,
  configuration: [],
  servers: [
    {
      name: 'nats-server',
      variable: 'NATS_URL',
      isGiven: false,
      version: 'v2.9.10',
      isReachable: false,
    },
  ],
  dataDirectory: { path: '/d', exists: true, isWritable: true, isOurs: true, mode: 0o700 },
  port: { number: 14242, isFree: true, isChosen: false },
  runningPid: undefined,
  troubles: [],
  vendors: [],
  ollama: { address: 'http://o', answers: true, models: ['nomic-embed-text:latest'] },
  freeBytes: 9e9,
  clockBehindMs: -1,
  isPageBuilt: true,
  bubblewrap: 'works',
};

const nats = healthy.servers[0];
assert.ok(nats);
const vendor = {
  name: 'openai',
  variable: 'OPENAI_API_KEY',
  hasKey: true,
  address: 'https://v',
  isReachable: false,
};

/** What is wrong → the check that says so, how grave it is, and the fix. */
const ills: readonly [Partial<Facts>, string, 'advice' | 'missing', RegExp][] = [
  [{ nodeVersion: '20.1.0' }, 'node', 'missing', /Node 24/],
  [{ configuration: ['MOSAIC_PORT: no'] }, 'configuration', 'missing', /correct/],
  [{ servers: [{ ...nats, version: undefined }] }, 'nats-server', 'missing', /apt-get install/],
  [{ servers: [{ ...nats, isGiven: true }] }, 'nats-server', 'missing', /unset NATS_URL/],
  [
    { dataDirectory: { ...healthy.dataDirectory, isWritable: false } },
    'data directory',
    'missing',
    /MOSAIC_DATA_DIR/,
  ],
  [
    { dataDirectory: { ...healthy.dataDirectory, mode: 0o755 } },
    'data directory',
    'advice',
    /chmod 700/,
  ],
  [{ freeBytes: 1e6 }, 'disk', 'missing', /free/],
  [{ port: { number: 1, isFree: false, isChosen: true } }, 'port', 'missing', /MOSAIC_PORT/],
  [{ port: { number: 1, isFree: false, isChosen: false } }, 'port', 'advice', /next free/],
  [{ vendors: [{ ...vendor, hasKey: false }] }, 'openai', 'advice', /set OPENAI_API_KEY/],
  [{ vendors: [vendor] }, 'openai', 'advice', /OPENAI_BASE_URL/],
  [{ ollama: { ...healthy.ollama, models: [] } }, 'ollama', 'advice', /ollama pull/],
  [{ ollama: { ...healthy.ollama, answers: false } }, 'ollama', 'advice', /ollama serve/],
  [{ clockBehindMs: 5 }, 'clock', 'missing', /set the clock/],
  [{ isPageBuilt: false }, 'web client', 'advice', /builds it/],
  [{ bubblewrap: 'missing' }, 'bubblewrap', 'advice', /install/],
  [{ bubblewrap: 'blocked' }, 'bubblewrap', 'advice', /user namespaces/],
];

test('a healthy machine has nothing to mend', () => {
  assert.deepEqual(
    judgeFacts(healthy).filter((finding) => finding.state !== 'ok'),
    [],
  );
});

for (const [ill, check, state, fix] of ills) {
  test(`${JSON.stringify(ill)} is told as "${check}: ${state}", with what to do, and alone`, () => {
    const wrong = judgeFacts({ ...healthy, ...ill }).filter((finding) => finding.state !== 'ok');
    assert.deepEqual(
      wrong.map((finding) => [finding.check, finding.state]),
      [[check, state]],
    );
    assert.match(wrong[0]?.fix ?? '', fix);
  });
}

test('a taken port is no trouble while Mosaic itself runs', () => {
  const facts = { ...healthy, runningPid: 1, port: { number: 1, isFree: false, isChosen: true } };
  assert.ok(judgeFacts(facts).every((finding) => finding.state === 'ok'));
});

test('a look at this machine ends where nothing answers and never shows a key', async () => {
  const env = {
    PATH: process.env['PATH'],
    OPENAI_API_KEY: 'sk-very-secret',
    OPENAI_BASE_URL: 'http://127.0.0.1:1',
    MOSAIC_DATA_DIR: join(import.meta.filename, 'data'),
  };
  const facts = await gatherFacts(env, {});
  assert.equal(facts.dataDirectory.isWritable, false);
  assert.equal(facts.vendors.find((one) => one.name === 'openai')?.isReachable, false);
  assert.doesNotMatch(JSON.stringify([facts, judgeFacts(facts)]), /very-secret/);
});

test('a wrong variable is one finding, and the other checks go on', async () => {
  const facts = await gatherFacts({ MOSAIC_PORT: 'ninety', MOSAIC_DEMO: 'maybe' }, {});
  assert.equal(facts.configuration.length, 2);
});
