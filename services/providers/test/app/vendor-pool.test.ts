import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installationKey } from '../../src/app/keys/identify-key.ts';
import type { ConfiguredVendor } from '../../src/app/registry/configured-vendor.ts';
import { makeVendorPool } from '../../src/app/registry/vendor-pool.ts';
import { makeZai } from '../../src/zai/adapter.ts';

const key = (secret: string) => installationKey('zai', secret);

function countingPool(limit: number) {
  const made: string[] = [];
  const configured: ConfiguredVendor = {
    name: 'zai',
    keys: [],
    baseUrl: 'http://127.0.0.1:1',
    absence: null,
    isSimulated: false,
    make(endpoint) {
      made.push(`${endpoint.apiKey} ${endpoint.baseUrl}`);
      return makeZai(endpoint);
    },
  };
  return { made, configured, pool: makeVendorPool(limit) };
}

test('a client is made once per key and address', () => {
  const { made, configured, pool } = countingPool(10);
  const first = pool.vendorOf(configured, key('one'));
  assert.equal(pool.vendorOf(configured, key('one')), first);
  pool.vendorOf(configured, { ...key('one'), baseUrl: 'http://127.0.0.1:2' });
  pool.vendorOf(configured, key('two'));
  assert.deepEqual(made, [
    'one http://127.0.0.1:1',
    'one http://127.0.0.1:2',
    'two http://127.0.0.1:1',
  ]);
});

test('of too many clients the one that was not used for longest goes', () => {
  const { made, configured, pool } = countingPool(2);
  const use = (secret: string) => pool.vendorOf(configured, key(secret));
  use('one');
  use('two');
  use('one');
  use('three');
  use('one');
  assert.equal(made.length, 3);
  use('two');
  assert.equal(made.length, 4);
});
