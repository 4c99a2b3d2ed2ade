import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { providerNames } from '@mosaic/proto';
import { startVendors, temporaryDirectory, type VendorServers } from '@mosaic/test-kit';
import { repository } from './temporary-tree.ts';

interface SmokeRun {
  readonly code: number | null;
  readonly output: string;
  /** Cells of the rows of one vendor. */
  rows(vendor: string): string[][];
}

/** Runs the smoke test as a process of its own, which sees nothing of this one's environment. */
async function runSmoke(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<SmokeRun> {
  const program = join(repository, 'scripts/smoke-live/main.ts');
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  const lines = out.split('\n').map((line) => line.split(/ {2,}/));
  return { code, output: out + err, rows: (vendor) => lines.filter(([first]) => first === vendor) };
}

async function lookAlikes(t: TestContext): Promise<VendorServers> {
  const vendors = await startVendors({ paceMs: 2 });
  t.after(() => vendors.stop());
  return vendors;
}

const steps = ['list', 'chat', 'stream', 'tool call and result', 'cancel', 'cost'];

test('asks every vendor that has a key for all that a conversation needs', async (t) => {
  const vendors = await lookAlikes(t);
  const environment = vendors.environment();
  const { code, output, rows } = await runSmoke(environment);
  assert.equal(code, 0, output);
  for (const vendor of providerNames) {
    assert.deepEqual(
      rows(vendor).map(([, step, result]) => [step, result]),
      [...steps, ...(vendor === 'ollama' ? ['embed'] : [])].map((step) => [step, '✔ ok']),
      output,
    );
    const cancelled = vendors.journal.filter((entry) => entry.vendor === vendor && entry.aborted);
    assert.equal(cancelled.length, 1, vendor);
  }
  assert.match(output, /31 ok, 0 failed, 0 skipped/);
  for (const [name, value] of Object.entries(environment)) {
    if (name.endsWith('_API_KEY')) assert.ok(!output.includes(value), name);
  }
});

test('skips what has no key by name, with what to set, and fails nothing', async () => {
  // No request goes to the discard port: whatever runs here, nobody answers.
  const { code, output, rows } = await runSmoke({ OLLAMA_BASE_URL: 'http://127.0.0.1:9' });
  assert.equal(code, 0, output);
  for (const vendor of providerNames) {
    const [row, ...others] = rows(vendor);
    assert.deepEqual(others, [], output);
    assert.equal(row?.[2], '– skipped');
    const variable = vendor === 'ollama' ? 'OLLAMA_BASE_URL' : `${vendor.toUpperCase()}_API_KEY`;
    assert.ok(row?.at(-1)?.includes(variable), output);
  }
});

test('ends with 1 when a vendor fails, and the others are asked all the same', async (t) => {
  const vendors = await lookAlikes(t);
  const broken = { kind: 'cut', afterChunks: 2 } as const;
  vendors.script({ vendor: 'openai', fault: broken });
  const env = { ...vendors.environment(), ZAI_API_KEY: 'bad-key' };
  const { code, output, rows } = await runSmoke(env, ['--model', 'openai/gpt-5.4-mini']);
  assert.equal(code, 1, output);
  const failed = (vendor: string) =>
    rows(vendor).flatMap(([, step, result]) => (result === '✖ failed' ? [step] : []));
  assert.deepEqual(failed('openai'), ['chat', 'cost']);
  assert.ok(failed('zai').length > 0, output);
  for (const vendor of ['anthropic', 'openrouter', 'ollama']) assert.deepEqual(failed(vendor), []);
  // The vendor repeats the key that it refuses.
  assert.ok(!output.includes('bad-key'), output);
});

test('asks the model that it is told', async (t) => {
  const vendors = await lookAlikes(t);
  const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL } = vendors.environment();
  const env = {
    ANTHROPIC_API_KEY: ANTHROPIC_API_KEY ?? '',
    ANTHROPIC_BASE_URL: ANTHROPIC_BASE_URL ?? '',
    OLLAMA_BASE_URL: 'http://127.0.0.1:9',
  };
  const { code, output } = await runSmoke(env, ['--model', 'anthropic/claude-opus-4-6']);
  assert.equal(code, 0, output);
  const models = vendors.journal.flatMap(({ model }) => (model === null ? [] : [model]));
  assert.deepEqual(new Set(models), new Set(['claude-opus-4-6']));
  // Thinking goes back with the tool's result as one sealed block, not in the pieces it came in.
  const withResult = vendors.journal.find(({ body }) => JSON.stringify(body).includes('14:05'));
  assert.ok(withResult);
  const { messages } = withResult.body as { messages: { content: Record<string, string>[] }[] };
  const [thinking, call, ...more] = messages[1]?.content ?? [];
  assert.deepEqual([thinking?.['type'], call?.['type'], more], ['thinking', 'tool_use', []]);
  assert.match(thinking?.['thinking'] ?? '', /^The user asks: .* what I was shown\.$/);
  const wrong = await runSmoke(env, ['--model', 'opus']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.output, /--model takes/);
});

test('records the bytes of every stream, and no key', async (t) => {
  const vendors = await lookAlikes(t);
  const directory = await temporaryDirectory();
  t.after(() => directory.remove());
  vendors.script({ vendor: 'openai', reply: 'Grüße 👋 aus Wien' });
  const environment = vendors.environment();
  const models = ['openai/gpt-5.4-mini', 'anthropic/claude-haiku-4-5', 'zai/glm-4.7'];
  const asked = models.flatMap((model) => ['--model', model]);
  const { code, output } = await runSmoke(environment, [...asked, '--record', directory.path]);
  assert.equal(code, 0, output);
  const files = await readdir(directory.path);
  for (const vendor of providerNames) {
    const ending = vendor === 'ollama' ? 'ndjson' : 'sse';
    const own = files.filter((file) => file.startsWith(`${vendor}-`)).sort();
    assert.deepEqual(
      own,
      [1, 2, 3, 4, 5].map((number) => `${vendor}-${number}.${ending}`),
    );
  }
  const first = await readFile(join(directory.path, 'openai-1.sse'), 'utf8');
  assert.match(first, /^event: response\.created\n/);
  assert.match(first, /Grüße 👋 aus Wien/);
  assert.match(first, /response\.completed/);
  const all = await Promise.all(files.map((file) => readFile(join(directory.path, file), 'utf8')));
  assert.ok(!all.join('').includes('simulated-openai-key'));
});
