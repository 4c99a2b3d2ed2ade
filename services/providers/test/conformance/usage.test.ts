import assert from 'node:assert/strict';
import { totalInputTokens } from '@mosaic/proto';
import { lastOf } from '../run-vendor.ts';
import { forEveryVendor, partsOf } from './claims.ts';

forEveryVendor('counts', (claim, vendorCase) => {
  claim('counts every token once: cached input neither twice nor not at all', async ({ ask }) => {
    const { usage } = lastOf((await ask('text')).parts, 'end');
    assert.deepEqual(usage, vendorCase.usage);
    // All vendors' fixtures bill the same call: 142 tokens in, 15 out.
    assert.equal(totalInputTokens(usage), 142);
    assert.equal(usage.outputTokens + usage.reasoningTokens, 15);
  });

  claim('says what the answer cost and who says so', async ({ ask }) => {
    const { cost } = lastOf((await ask('text')).parts, 'end');
    assert.equal(cost.source, vendorCase.costSource);
    if (vendorCase.name === 'ollama') assert.equal(cost.usd, 0);
    else assert.ok((cost.usd ?? 0) > 0);
  });

  claim('passes on what the vendor has counted while the answer runs', async ({ ask }) => {
    const run = await ask('text');
    assert.deepEqual(partsOf(run, 'usage').at(-1)?.usage, vendorCase.usage);
    assert.ok(run.parts.findIndex((part) => part.type === 'usage') > 0);
  });

  claim('the newest of several reports counts, and is not added to the others', async ({ ask }) => {
    const { usage } = lastOf((await ask('usage-repeated')).parts, 'end');
    assert.deepEqual(usage, { ...vendorCase.usage, ...vendorCase.repeatedUsage });
  });

  claim('estimates and says so when the vendor never counts', async ({ ask }) => {
    const { usage, cost } = lastOf((await ask('no-usage')).parts, 'end');
    assert.equal(usage.isEstimated, true);
    assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0);
    if (vendorCase.name !== 'ollama') assert.notEqual(cost.usd, 0);
  });

  claim('an answer that broke off keeps what was used until then', async ({ ask }) => {
    const error = lastOf((await ask('error-late')).parts, 'error');
    assert.ok((error.usage?.outputTokens ?? 0) > 0);
    assert.ok(totalInputTokens(error.usage ?? vendorCase.usage) > 0);
    if (vendorCase.name !== 'ollama') assert.notEqual(error.cost.usd, 0);
  });
});
