import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startVendors } from '@mosaic/test-kit';
import { makeOpenRouter } from '../../src/openrouter/adapter.ts';

const vendors = await startVendors({ paceMs: 0 });
after(() => vendors.stop());

test('a refused key shows in the list of models, which the vendor gives to anybody', async () => {
  const listWith = (apiKey: string) => {
    const vendor = makeOpenRouter({ apiKey, baseUrl: vendors.urls.openrouter });
    return vendor.listModels(AbortSignal.timeout(60_000)).catch((thrown) => vendor.toFault(thrown));
  };
  const refused = await listWith('bad-key-0123456789');
  assert.ok('code' in refused);
  assert.equal(refused.code, 'provider_auth');
  assert.ok(Array.isArray(await listWith('sk-or-good-0123456789')));
});
