import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startReplayServer } from './replay-server.ts';
import { comparable, lastOf, runVendor, textOf } from './run-vendor.ts';
import { fixture, type VendorCase, vendorCases } from './vendor-cases.ts';

/** Bytes in pieces of this size, so that letters, lines and events are split everywhere. */
function inPieces(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

async function withServer(
  vendorCase: VendorCase,
  work: (
    server: Awaited<ReturnType<typeof startReplayServer>>,
    vendor: ReturnType<VendorCase['make']>,
  ) => Promise<void>,
) {
  const server = await startReplayServer(vendorCase.contentType);
  try {
    await work(server, vendorCase.make(server.url));
  } finally {
    await server.stop();
  }
}

function streamClaims(vendorCase: VendorCase) {
  const { name } = vendorCase;
  const [model] = vendorCase.models;
  const bytes = (file: string) => fixture(name, file);

  describe(`${name} answers`, () => {
    test('streams text between one start and one end, with usage as a partition', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        server.queue({ chunks: [bytes('text')] });
        const { parts, recorded } = await runVendor(vendor, [model]);
        assert.deepEqual(parts[0], {
          type: 'start',
          provider: name,
          model: vendorCase.answering,
          skipped: [],
          isSimulated: false,
        });
        assert.equal(textOf(parts), 'Grüße 👋 aus 世界');
        assert.ok(parts.some((part) => part.type === 'reasoning' && part.text !== ''));
        const end = lastOf(parts, 'end');
        assert.equal(end.stop.unified, 'stop');
        assert.deepEqual(end.usage, vendorCase.usage);
        assert.deepEqual(recorded, [null]);
      });
    });

    test('gives the same parts however the bytes are split', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        for (const file of ['text', 'tool']) {
          server.queue({ chunks: [bytes(file)] });
          const whole = comparable((await runVendor(vendor, [model])).parts);
          for (const size of [1, 3, 7, 64]) {
            server.queue({ chunks: inPieces(bytes(file), size) });
            const split = comparable((await runVendor(vendor, [model])).parts);
            assert.deepEqual(split, whole, `${file} in pieces of ${size}`);
          }
        }
      });
    });

    test('reads carriage returns and skips comments and blank lines', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        const comment = name === 'ollama' ? '\r\n' : ': comment\r\n\r\n';
        const text = bytes('text').toString().replaceAll('\n', '\r\n');
        server.queue({
          chunks: [comment, ...text.split(/(?<=\r\n\r\n)/).flatMap((event) => [event, comment])],
        });
        const { parts } = await runVendor(vendor, [model]);
        assert.equal(textOf(parts), 'Grüße 👋 aus 世界');
        assert.deepEqual(lastOf(parts, 'end').usage, vendorCase.usage);
      });
    });

    test('hands over a tool call with parsed arguments', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        server.queue({ chunks: [bytes('tool')] });
        const { parts } = await runVendor(vendor, [model]);
        const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []));
        assert.equal(calls.length, 1);
        assert.equal(calls[0]?.name, 'get_weather');
        assert.deepEqual(calls[0]?.arguments, { city: 'Köln' });
        const begun = parts.find((part) => part.type === 'tool-call-start');
        assert.equal(begun?.id, calls[0]?.id);
        assert.equal(lastOf(parts, 'end').stop.unified, 'tool-calls');
      });
    });

    test('cancelling closes the socket of the vendor and keeps what was used', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        const half = bytes('text').subarray(0, bytes('text').indexOf(' aus') - 5);
        server.queue({ chunks: [half], then: 'silence' });
        const abort = new AbortController();
        let cancelledAt = 0;
        const { parts } = await runVendor(vendor, [model], {
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
        assert.ok((await server.left) - cancelledAt < 500);
      });
    });

    test('cancelling works before the vendor has sent a single byte', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        server.queue({ chunks: [], isMute: true });
        const { parts } = await runVendor(vendor, [model], { signal: AbortSignal.timeout(60) });
        assert.equal(parts.length, 1);
        assert.equal(lastOf(parts, 'error').phase, 'before-first-part');
        await server.left;
      });
    });

    test('what happens to the connection after the finish takes nothing away', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        for (const then of ['silence', 'cut'] as const) {
          server.queue({ chunks: [bytes('tool')], then });
          const { parts } = await runVendor(vendor, [model]);
          const end = lastOf(parts, 'end');
          assert.equal(end.stop.unified, 'tool-calls');
          assert.equal(end.usage.isEstimated, false);
        }
      });
    });

    test('lists its models, known and new', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        server.answer(vendorCase.listPath, bytes('models.json').toString());
        if (name === 'ollama') server.answer('/api/show', bytes('show.json').toString());
        const listed = await vendor.listModels(AbortSignal.timeout(2_000));
        assert.equal(listed.length, 2);
        assert.ok(listed.some((one) => one.model === vendorCase.newModel));
      });
    });
  });
}

function failureClaims(vendorCase: VendorCase) {
  const { name } = vendorCase;
  const [model, secondModel] = vendorCase.models;
  const bytes = (file: string) => fixture(name, file);

  describe(`${name} never passes a failure off as success`, () => {
    test('an error after the first word ends the stream with what was used', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        server.queue({ chunks: [bytes('error-late')] });
        const { parts } = await runVendor(vendor, [model, secondModel]);
        const error = lastOf(parts, 'error');
        assert.equal(error.failure.code, vendorCase.errorCode);
        assert.equal(error.phase, 'after-first-part');
        assert.ok((error.usage?.outputTokens ?? 0) > 0);
        assert.equal(server.bodies.length, 1);
      });
    });

    test('a broken connection is an error, never an end', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        const half = bytes('text').subarray(0, bytes('text').indexOf(' aus') - 5);
        server.queue({ chunks: [half], then: 'cut' });
        const { parts } = await runVendor(vendor, [model]);
        const error = lastOf(parts, 'error');
        assert.equal(error.failure.code, 'provider_cut');
        assert.equal(error.phase, 'after-first-part');
      });
    });

    test('a polite end without a finish reason is an error', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        const all = bytes('text').toString();
        const separator = name === 'ollama' ? '\n' : '\n\n';
        const events = all.split(separator);
        const seen = events.findIndex((event) => event.includes('aus 世界')) + 1;
        server.queue({ chunks: [events.slice(0, seen).join(separator) + separator] });
        const { parts } = await runVendor(vendor, [model]);
        assert.equal(textOf(parts), 'Grüße 👋 aus 世界');
        assert.equal(lastOf(parts, 'error').failure.code, 'provider_cut');
      });
    });

    test('broken JSON is an error', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        const text = bytes('text').toString().replace('" aus 世界"', '" aus 世界');
        server.queue({ chunks: [text] });
        const { parts } = await runVendor(vendor, [model]);
        assert.equal(textOf(parts), 'Grüße 👋');
        assert.equal(lastOf(parts, 'error').failure.code, 'provider_failed');
      });
    });

    test('comments and pings do not keep a silent vendor alive', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        server.queue({ chunks: [], then: 'silence', noise: vendorCase.noise });
        const { parts } = await runVendor(vendor, [model], { firstPartMs: 150 });
        assert.equal(lastOf(parts, 'error').failure.code, 'provider_timeout');
        await server.left;
      });
    });

    test('a vendor that falls silent in the middle is given up', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        const separator = name === 'ollama' ? '\n' : '\n\n';
        const events = bytes('error-late').toString().split(separator);
        const seen = events.findIndex((event) => event.includes('Half an ans')) + 1;
        const chunk = events.slice(0, seen).join(separator) + separator;
        server.queue({ chunks: [chunk], then: 'silence', noise: vendorCase.noise });
        const { parts } = await runVendor(vendor, [model], { idleMs: 100 });
        const error = lastOf(parts, 'error');
        assert.equal(error.failure.code, 'provider_timeout');
        assert.equal(error.phase, 'after-first-part');
        await server.left;
      });
    });
  });
}

function fallbackClaims(vendorCase: VendorCase) {
  const { name } = vendorCase;
  const [model, secondModel] = vendorCase.models;
  const bytes = (file: string) => fixture(name, file);

  describe(`${name} falls over`, () => {
    test('an error before the first word goes to the next candidate, and says so', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        const early = { chunks: [bytes('error-early')] };
        server.queue(early, early, { chunks: [bytes('text')] });
        const { parts } = await runVendor(vendor, [model, secondModel]);
        assert.equal(lastOf(parts, 'end').stop.unified, 'stop');
        assert.equal(parts[0]?.type === 'start' && parts[0].skipped[0]?.model, model);
        assert.deepEqual(
          server.bodies.map((body) => body['model']),
          [model, model, secondModel],
        );
      });
    });

    test('a long Retry-After goes to the next candidate at once', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        const limited = { status: 429, headers: { 'retry-after': '30' } };
        server.queue(
          { ...limited, chunks: [bytes('rate-limited.json')] },
          { chunks: [bytes('text')] },
        );
        const { parts, recorded } = await runVendor(vendor, [model, secondModel]);
        const start = parts[0];
        assert.equal(start?.type === 'start' && start.skipped[0]?.model, model);
        lastOf(parts, 'end');
        assert.equal(recorded[0]?.code, 'provider_rate_limited');
        assert.equal(recorded[0]?.retryAfterMs, 30_000);
        assert.deepEqual(
          server.bodies.map((body) => body['model']),
          [model, secondModel],
        );
      });
    });

    test('a short Retry-After is waited for, once', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        const limited = {
          status: 429,
          headers: { 'retry-after': '0' },
          chunks: [bytes('rate-limited.json')],
        };
        server.queue(limited, { chunks: [bytes('text')] });
        const { parts } = await runVendor(vendor, [model]);
        assert.deepEqual(parts[0]?.type === 'start' && parts[0].skipped, []);
        server.queue(limited, limited);
        const second = await runVendor(vendor, [model]);
        assert.equal(lastOf(second.parts, 'error').failure.code, 'provider_rate_limited');
        assert.equal(server.bodies.length, 4);
      });
    });

    test('a refused key goes to the next candidate without a second try', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        server.queue(
          { status: 401, chunks: [bytes('unauthorized.json')] },
          { chunks: [bytes('text')] },
        );
        const { parts, recorded } = await runVendor(vendor, [model, secondModel]);
        lastOf(parts, 'end');
        assert.deepEqual(
          recorded.map((fault) => fault?.code),
          ['provider_auth', undefined],
        );
      });
    });

    test('a conversation that is too long says so and is not sent to a model that reads less', async () => {
      await withServer(vendorCase, async (server, vendor) => {
        server.queue({ status: 400, chunks: [bytes('too-long.json')] });
        const { parts } = await runVendor(vendor, [model, model]);
        assert.equal(lastOf(parts, 'error').failure.code, 'context_too_long');
        assert.equal(server.bodies.length, 1);
      });
    });
  });
}

for (const vendorCase of vendorCases) {
  streamClaims(vendorCase);
  failureClaims(vendorCase);
  fallbackClaims(vendorCase);
}
