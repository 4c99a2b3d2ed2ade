import assert from 'node:assert/strict';
import type { CompletionPart, ErrorCode } from '@mosaic/proto';
import { errorCatalogue } from '@mosaic/proto';
import { lastOf, textOf } from '../run-vendor.ts';
import { forEveryVendor } from './claims.ts';

const page =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** One code with its phase, and told to be worth another try exactly when the catalogue says so. */
function assertFailure(
  parts: readonly CompletionPart[],
  code: ErrorCode,
  phase: 'before' | 'after',
): void {
  const error = lastOf(parts, 'error');
  assert.equal(error.failure.code, code);
  assert.equal(error.failure.isRetryable, errorCatalogue[code].isRetryable);
  assert.equal(error.phase, `${phase}-first-part`);
}

forEveryVendor('never passes a failure off as success', (claim, vendorCase) => {
  const { name } = vendorCase;

  claim('every refused request means one thing', async ({ ask, bytes, server }) => {
    for (const [file, status, code] of vendorCase.refusals) {
      const refusal = { status, chunks: [bytes(`${file}.json`)] };
      const { parts, recorded } = await ask([refusal, refusal]);
      assertFailure(parts, code, 'before');
      assert.equal(recorded[0]?.code, code, file);
      server.clear();
    }
  });

  claim(
    'an error as the very first event is an error before the answer',
    async ({ ask, bytes }) => {
      const first = { chunks: [bytes('error-first')] };
      assertFailure((await ask([first, first])).parts, vendorCase.errorCode, 'before');
    },
  );

  claim(
    'an error behind the opening events is still one before the answer',
    async ({ ask, bytes }) => {
      const early = { chunks: [bytes('error-early')] };
      assertFailure((await ask([early, early])).parts, vendorCase.errorCode, 'before');
    },
  );

  claim('an error after the first word ends the stream', async ({ askBoth, bytes, server }) => {
    const { parts } = await askBoth([{ chunks: [bytes('error-late')] }]);
    assertFailure(parts, vendorCase.errorCode, 'after');
    assert.equal(textOf(parts), 'Half an ans');
    assert.equal(server.bodies.length, 1);
  });

  claim('an error of a kind that nobody knows is an error', async ({ ask }) => {
    const { parts } = await ask('error-unknown');
    assertFailure(parts, 'provider_failed', 'after');
  });

  claim('an error that the vendor sends after the finish still counts', async ({ ask }) => {
    const { parts } = await ask('error-after-finish');
    assertFailure(parts, 'provider_failed', 'after');
  });

  claim('a second finish does not cover up the first', async ({ ask }) => {
    const { parts } = await ask('two-finishes');
    assert.notEqual(lastOf(parts, 'end').stop.unified, 'stop');
  });

  claim('an error document with status 200 is an error', async ({ ask, bytes }) => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const said = { headers, chunks: [bytes('overloaded.json')] };
    assertFailure((await ask([said, said])).parts, 'provider_overloaded', 'before');
  });

  claim('a document that is neither an answer nor an error is no success', async ({ ask }) => {
    const headers = { 'content-type': 'application/json' };
    for (const document of ['{"status":"ok"}', '[]', '"fine"', 'null', '{"a":']) {
      const said = { headers, chunks: [document] };
      const { parts } = await ask([said, said]);
      assert.equal(lastOf(parts, 'error').phase, 'before-first-part', document);
    }
  });

  claim('a web page with status 200 is nobody’s answer', async ({ ask }) => {
    const said = { headers: { 'content-type': 'text/html' }, chunks: [page] };
    const { parts } = await ask([said]);
    assertFailure(parts, 'provider_unreachable', 'before');
    const { message } = lastOf(parts, 'error').failure;
    assert.match(message, /502 Bad Gateway/);
    assert.doesNotMatch(message, /</);
  });

  claim('a web page with an error status is told by its title', async ({ ask }) => {
    const headers = { 'content-type': 'text/html' };
    for (const [status, code] of [
      [502, name === 'openrouter' ? 'provider_overloaded' : 'provider_failed'],
      [503, 'provider_overloaded'],
      [504, 'provider_timeout'],
    ] as const) {
      const said = { status, headers, chunks: [page] };
      const { parts } = await ask([said, said]);
      assertFailure(parts, code, 'before');
      assert.doesNotMatch(lastOf(parts, 'error').failure.message, /</);
    }
  });

  claim('an empty answer with status 200 was cut', async ({ ask }) => {
    const { parts } = await ask([{ chunks: [] }, { chunks: [] }]);
    assertFailure(parts, 'provider_cut', 'before');
  });

  claim('a polite end without a finish reason was cut', async ({ ask, bytesUntil }) => {
    const { parts } = await ask([{ chunks: [bytesUntil('text', 'aus 世界')] }]);
    assert.equal(textOf(parts), 'Grüße 👋 aus 世界');
    assertFailure(parts, 'provider_cut', 'after');
  });

  claim('a polite end in the middle of an event was cut', async ({ ask, bytes }) => {
    const all = bytes('text');
    const { parts } = await ask([{ chunks: [all.subarray(0, all.indexOf(' aus') + 2)] }]);
    assert.equal(textOf(parts), 'Grüße 👋');
    assertFailure(parts, 'provider_cut', 'after');
  });

  claim('a broken connection was cut', async ({ ask, bytes }) => {
    const half = bytes('text').subarray(0, bytes('text').indexOf(' aus') - 5);
    const { parts } = await ask([{ chunks: [half], then: 'cut' }]);
    assertFailure(parts, 'provider_cut', 'after');
  });

  claim('a connection that breaks before the first word was cut', async ({ ask }) => {
    const cut = { chunks: [vendorCase.noise], then: 'cut' } as const;
    assertFailure((await ask([cut, cut])).parts, 'provider_cut', 'before');
  });

  claim('broken JSON in one event is an error', async ({ ask, bytes }) => {
    const text = bytes('text').toString().replace('" aus 世界"', '" aus 世界');
    const { parts } = await ask([{ chunks: [text] }]);
    assert.equal(textOf(parts), 'Grüße 👋');
    assertFailure(parts, 'provider_failed', 'after');
  });

  claim('words that are no text are an error, not a gap', async ({ ask, bytes }) => {
    const text = bytes('text').toString().replace('" aus 世界"', '{"words":7}');
    assertFailure((await ask([{ chunks: [text] }])).parts, 'provider_failed', 'after');
  });

  claim('a host that nobody answers at is unreachable', async ({ server, ask }) => {
    await server.stop();
    assertFailure((await ask([])).parts, 'provider_unreachable', 'before');
  });
});
