import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchMosaic, startVendors, temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { owner } from './person.ts';

test('killing everything loses nothing that was accepted', async () => {
  const directory = await temporaryDirectory();
  const vendors = await startVendors({ paceMs: 1 });
  try {
    const first = await launchMosaic({ dataDir: directory.path, vendors });
    const before = owner(first);
    const id = await before.open();
    await before.say(id, 'My cat is called Kater.');
    vendors.script({ vendor: 'anthropic', reply: 'slow '.repeat(60), holdAfter: 5 });
    const path = `/api/conversations/${id}/messages`;
    const accepted = await before.request('POST', path, { text: 'And what now, friend?' });
    assert.equal(accepted.status, 202);
    await first.kill9();

    const second = await launchMosaic({ dataDir: directory.path, vendors });
    try {
      const me = owner(second);
      await waitFor(async () => {
        // Killed before it asked a vendor, the turn gets the held answer when it begins again.
        vendors.goOn();
        const { body } = await me.request('GET', path);
        return body.messages.length === 4 && body.messages[3].status === 'completed';
      });
      const { body } = await me.request('GET', path);
      assert.deepEqual(
        body.messages.map((message: { role: string }) => message.role),
        ['user', 'assistant', 'user', 'assistant'],
      );
      assert.match(body.messages[0].content, /Kater/);
    } finally {
      await second.stop();
    }
  } finally {
    await vendors.stop();
    await directory.remove();
  }
});
