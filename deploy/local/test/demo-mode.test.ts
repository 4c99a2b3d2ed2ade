import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { startVendors, waitFor } from '@mosaic/test-kit';
import { readLauncherConfig } from '../src/settings/launcher-settings.ts';
import { type DemoFacts, decideDemo } from '../src/stack/demo/decide-demo.ts';
import { ollamaAddress, ollamaAnswers } from '../src/stack/demo/find-ollama.ts';

const nothing: DemoFacts = { wish: undefined, vendorsWithKey: [], hasOllama: false };
const withKey = { ...nothing, vendorsWithKey: ['OpenAI'] };
const withOllama = { ...nothing, hasOllama: true };

const decisions: readonly [string, DemoFacts, boolean, RegExp][] = [
  ['nothing to ask', nothing, true, /no vendor key is set/],
  ['a key', withKey, false, /vendors: OpenAI/],
  ['a local Ollama', withOllama, false, /Ollama/],
  ['forced although there is a key', { ...withKey, wish: '1' }, true, /MOSAIC_DEMO=1/],
  ['forbidden with nothing to ask', { ...nothing, wish: '0' }, false, /set ANTHROPIC_API_KEY/],
  ['forbidden with a key', { ...withKey, wish: '0' }, false, /OpenAI/],
];
for (const [name, facts, isDemo, sentence] of decisions) {
  test(`demo mode with ${name}: ${isDemo}`, () => {
    const mode = decideDemo(facts);
    assert.equal(mode.isDemo, isDemo);
    assert.match(mode.sentence, sentence);
  });
}

test('nothing but commas is no key, and several keys are', () => {
  const keyIn = (text: string) => readLauncherConfig({ ANTHROPIC_API_KEY: text }).anthropicKey;
  assert.deepEqual(['', ' , ', 'one,two'].map(keyIn), [undefined, undefined, 'one,two']);
});

const addresses: readonly [string | undefined, string | undefined, string][] = [
  [undefined, undefined, 'http://127.0.0.1:11434'],
  ['http://box:1/', 'ignored', 'http://box:1'],
  [undefined, '0.0.0.0', 'http://127.0.0.1:11434'],
  [undefined, 'box', 'http://box:11434'],
  [undefined, 'box:99', 'http://box:99'],
  [undefined, 'https://ollama.example.org', 'https://ollama.example.org'],
];
for (const [baseUrl, host, expected] of addresses) {
  test(`Ollama with OLLAMA_BASE_URL ${baseUrl} and OLLAMA_HOST ${host} is at ${expected}`, () => {
    assert.equal(ollamaAddress(baseUrl, host), expected);
  });
}

test('an Ollama that answers is found; a silent port and a slow server are not waited for', async (t) => {
  const vendors = await startVendors();
  t.after(() => vendors.stop());
  // A busy machine may take longer than a start waits for it.
  await waitFor(() => ollamaAnswers(vendors.urls.ollama));
  assert.equal(await ollamaAnswers('http://127.0.0.1:1'), false);
  const slow = createServer(() => {});
  slow.listen(0, '127.0.0.1');
  await once(slow, 'listening');
  t.after(() => slow.closeAllConnections());
  t.after(() => slow.close());
  const address = slow.address();
  assert.ok(typeof address === 'object' && address !== null);
  assert.equal(await ollamaAnswers(`http://127.0.0.1:${address.port}`), false);
});
