import assert from 'node:assert/strict';
import { lastOf, textOf } from '../run-vendor.ts';
import { forEveryVendor } from './claims.ts';

forEveryVendor('says why it stopped', (claim, vendorCase) => {
  claim('says that the model ran into its limit', async ({ ask }) => {
    const { parts } = await ask('length');
    assert.equal(textOf(parts), 'As much as');
    assert.deepEqual(lastOf(parts, 'end').stop, vendorCase.stops.length);
  });

  claim('says that the answer was withheld', async ({ ask }) => {
    const { parts } = await ask('filtered');
    assert.equal(textOf(parts), 'I will');
    assert.deepEqual(lastOf(parts, 'end').stop, vendorCase.stops.filtered);
  });

  claim('never takes a stop of the vendor’s own for success', async ({ ask }) => {
    const { parts } = await ask('own-stop');
    assert.deepEqual(lastOf(parts, 'end').stop, vendorCase.stops['own-stop']);
  });

  claim('keeps the word of a stop that nobody knows, and calls it no success', async ({ ask }) => {
    const { parts } = await ask('unknown-stop');
    assert.deepEqual(lastOf(parts, 'end').stop, { unified: 'other', raw: 'ran_out_of_ink' });
  });
});
