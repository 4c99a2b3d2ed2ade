import assert from 'node:assert/strict';
import { waitFor } from '@mosaic/test-kit';
import { lastOf, textOf } from '../run-vendor.ts';
import { forEveryVendor } from './claims.ts';

forEveryVendor('is not waited for for ever', (claim, vendorCase) => {
  const { noise } = vendorCase;

  claim('a vendor that does not even send headers is given up', async ({ ask, server }) => {
    const { parts } = await ask([{ chunks: [], isMute: true }], { firstPartMs: 400 });
    assert.equal(lastOf(parts, 'error').failure.code, 'provider_timeout');
    await server.left;
  });

  claim('comments and pings are no first word', async ({ ask, server }) => {
    const silent = { chunks: [], then: 'silence', noise } as const;
    const { parts } = await ask([silent], { firstPartMs: 400 });
    assert.equal(lastOf(parts, 'error').failure.code, 'provider_timeout');
    await server.left;
  });

  claim('opening events are no first word', async ({ ask, bytes, server }) => {
    const events = bytes('error-early').toString().trimEnd().split(vendorCase.separator);
    const opening = [...events.slice(0, -1), ''].join(vendorCase.separator);
    const silent = { chunks: [opening], then: 'silence', noise } as const;
    const { parts } = await ask([silent], { firstPartMs: 400 });
    const error = lastOf(parts, 'error');
    assert.equal(error.failure.code, 'provider_timeout');
    assert.equal(error.phase, 'before-first-part');
    await server.left;
  });

  claim(
    'a vendor that falls silent in the middle is given up, whatever it pings',
    async (stage) => {
      const chunks = [stage.bytesUntil('error-late', 'Half an ans')];
      const { parts } = await stage.ask([{ chunks, then: 'silence', noise }], { idleMs: 100 });
      const error = lastOf(parts, 'error');
      assert.equal(error.failure.code, 'provider_timeout');
      assert.equal(error.phase, 'after-first-part');
      assert.equal(textOf(parts), 'Half an ans');
      await stage.server.left;
    },
  );

  claim('an answer that goes on for ever ends at the deadline of the whole', async (stage) => {
    const word = stage.bytesUntil('error-late', 'Half an ans');
    const opening = { chunks: [word], then: 'silence', noise: word } as const;
    const { parts } = await stage.ask([opening], { totalMs: 200 });
    const error = lastOf(parts, 'error');
    assert.equal(error.failure.code, 'deadline_exceeded');
    assert.ok(textOf(parts).length > 'Half an ans'.length);
    await stage.server.left;
  });

  claim('cancelling closes the socket of the vendor and keeps what was used', async (stage) => {
    const abort = new AbortController();
    let cancelledAt = 0;
    const chunks = [stage.bytesUntil('text', 'Grüße')];
    const { parts } = await stage.ask([{ chunks, then: 'silence' }], {
      signal: abort.signal,
      onPart(part) {
        if (part.type !== 'text') return;
        cancelledAt = Date.now();
        setImmediate(() => abort.abort());
      },
    });
    const error = lastOf(parts, 'error');
    assert.equal(error.failure.code, 'cancelled');
    assert.ok((error.usage?.outputTokens ?? 0) > 0);
    // 50 ms is what the benchmark measures; here is room for a busy machine.
    assert.ok((await stage.server.left) - cancelledAt < 500);
  });

  claim('cancelling works before the vendor has sent a single byte', async ({ ask, server }) => {
    const abort = new AbortController();
    const asking = ask([{ chunks: [], isMute: true }], { signal: abort.signal });
    await waitFor(() => server.bodies.length === 1);
    abort.abort();
    const { parts } = await asking;
    assert.equal(parts.length, 1);
    assert.equal(lastOf(parts, 'error').phase, 'before-first-part');
    await server.left;
  });

  claim('cancelling works while the reader is busy with a part', async (stage) => {
    const abort = new AbortController();
    const chunks = [stage.bytesUntil('text', 'Grüße')];
    const { parts } = await stage.ask([{ chunks, then: 'silence' }], {
      signal: abort.signal,
      async afterPart(part) {
        if (part.type !== 'text') return;
        abort.abort();
        // The socket closes although nobody has asked for the next part yet.
        await stage.server.left;
      },
    });
    assert.equal(lastOf(parts, 'error').failure.code, 'cancelled');
  });
});
