import assert from 'node:assert/strict';
import { waitFor } from '@mosaic/test-kit';
import type { Replay } from '../replay-server.ts';
import { lastOf, type RunChoices, textOf } from '../run-vendor.ts';
import { skippableTimers } from '../skippable-timers.ts';
import { forEveryVendor, type Stage } from './claims.ts';

const firstPartMs = 60_000;
/** Whatever is taken for a sign of life gets this much longer. */
const idleMs = 200_000;

/** Asks for silence, and puts the clock forward to the end of the time for a first word. */
async function giveUpFirstWord({ ask, server }: Stage, silent: Parameters<Stage['ask']>[0]) {
  const timers = skippableTimers();
  const asking = ask(silent, { timers, firstPartMs, idleMs });
  const [replay] = silent;
  const isMute = typeof replay === 'object' && replay.isMute === true;
  await waitFor(() => server.bodies.length === 1 && (isMute || server.noises > 4), patience);
  timers.skip(firstPartMs);
  return (await asking).parts;
}

const patience = { timeoutMs: 60_000 };

/** Asks, and resolves when words were shown. */
async function untilShown(stage: Stage, replay: Replay, choices: RunChoices) {
  let shown = 0;
  const onPart = ({ type }: { readonly type: string }) => {
    shown += type === 'text' ? 1 : 0;
  };
  const asking = stage.ask([{ ...replay, then: 'silence' }], { ...choices, onPart });
  const see = (count: number) => waitFor(() => shown >= count, patience);
  await see(1);
  return { asking, see };
}

forEveryVendor('is not waited for for ever', (claim, vendorCase) => {
  const { noise } = vendorCase;

  claim('a vendor that does not even send headers is given up', async (stage) => {
    const parts = await giveUpFirstWord(stage, [{ chunks: [], isMute: true }]);
    assert.equal(lastOf(parts, 'error').failure.code, 'provider_timeout');
    await stage.server.left;
  });

  claim('comments and pings are no first word', async (stage) => {
    const silent = { chunks: [], then: 'silence', noise } as const;
    const parts = await giveUpFirstWord(stage, [silent]);
    assert.equal(lastOf(parts, 'error').failure.code, 'provider_timeout');
    await stage.server.left;
  });

  claim('opening events are no first word', async (stage) => {
    const events = stage.bytes('error-early').toString().trimEnd().split(vendorCase.separator);
    const opening = [...events.slice(0, -1), ''].join(vendorCase.separator);
    const silent = { chunks: [opening], then: 'silence', noise } as const;
    const parts = await giveUpFirstWord(stage, [silent]);
    const error = lastOf(parts, 'error');
    assert.equal(error.failure.code, 'provider_timeout');
    assert.equal(error.phase, 'before-first-part');
    await stage.server.left;
  });

  claim(
    'a vendor that falls silent in the middle is given up, whatever it pings',
    async (stage) => {
      const chunks = [stage.bytesUntil('error-late', 'Half an ans')];
      const timers = skippableTimers();
      const { asking } = await untilShown(stage, { chunks, noise }, { timers, idleMs });
      // In two steps, with pings between them: whoever took one for life would wait longer.
      for (const half of [1, 2]) {
        await waitFor(() => stage.server.noises > 4 * half, patience);
        timers.skip(idleMs / 2);
      }
      const { parts } = await asking;
      const error = lastOf(parts, 'error');
      assert.equal(error.failure.code, 'provider_timeout');
      assert.equal(error.phase, 'after-first-part');
      assert.equal(textOf(parts), 'Half an ans');
      await stage.server.left;
    },
  );

  claim('an answer that goes on for ever ends at the deadline of the whole', async (stage) => {
    const word = stage.bytesUntil('error-late', 'Half an ans');
    const timers = skippableTimers();
    const choices = { timers, totalMs: idleMs / 2, idleMs };
    const { asking, see } = await untilShown(stage, { chunks: [word], noise: word }, choices);
    await see(2);
    timers.skip(idleMs / 2);
    const { parts } = await asking;
    const error = lastOf(parts, 'error');
    assert.equal(error.failure.code, 'deadline_exceeded');
    assert.ok(textOf(parts).length > 'Half an ans'.length);
    await stage.server.left;
  });

  claim('cancelling closes the socket of the vendor and keeps what was used', async (stage) => {
    const abort = new AbortController();
    const chunks = [stage.bytesUntil('text', 'Grüße')];
    const { parts } = await stage.ask([{ chunks, then: 'silence' }], {
      signal: abort.signal,
      onPart: (part) => part.type === 'text' && setImmediate(() => abort.abort()),
    });
    const error = lastOf(parts, 'error');
    assert.equal(error.failure.code, 'cancelled');
    assert.ok((error.usage?.outputTokens ?? 0) > 0);
    // Within 50 ms, as the benchmark measures.
    await stage.server.left;
  });

  claim('cancelling works before the vendor has sent a single byte', async ({ ask, server }) => {
    const abort = new AbortController();
    const asking = ask([{ chunks: [], isMute: true }], { signal: abort.signal });
    await waitFor(() => server.bodies.length === 1, patience);
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
