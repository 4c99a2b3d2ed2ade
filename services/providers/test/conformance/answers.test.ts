import assert from 'node:assert/strict';
import { lastOf, textOf } from '../run-vendor.ts';
import { callsOf, forEveryVendor, partsOf } from './claims.ts';

const greeting = 'Grüße 👋 aus 世界';

forEveryVendor('answers', (claim, vendorCase) => {
  const { name, separator } = vendorCase;

  claim('streams text between one start and one end', async ({ ask }) => {
    const { parts, recorded } = await ask('text');
    const { answering } = vendorCase;
    const start = { type: 'start', provider: name, skipped: [], isSimulated: false };
    assert.deepEqual(parts[0], { ...start, ...answering });
    assert.equal(textOf(parts), greeting);
    assert.equal(lastOf(parts, 'end').stop.unified, 'stop');
    assert.deepEqual(recorded, [null]);
  });

  claim(
    'shows the first words before the vendor has said the last',
    async ({ ask, bytesUntil }) => {
      const abort = new AbortController();
      const chunks = [bytesUntil('text', 'Grüße')];
      const { parts } = await ask([{ chunks, then: 'silence' }], {
        signal: abort.signal,
        onPart: (part) => part.type === 'text' && abort.abort(),
      });
      assert.equal(textOf(parts), 'Grüße 👋');
    },
  );

  claim('shows thinking apart from the answer', async ({ ask }) => {
    const run = await ask('text');
    const thoughts = partsOf(run, 'reasoning').map((part) => part.text);
    assert.equal(thoughts.join(''), 'Someone greets me.');
  });

  claim('keeps what the vendor wants back of a thinking that nobody may read', async ({ ask }) => {
    const run = await ask('sealed');
    const kept = partsOf(run, 'reasoning');
    // Two vendors seal nothing: there the thinking itself goes back.
    const isSealed = !['zai', 'ollama'].includes(name);
    assert.equal(
      kept.some((part) => part.signature !== undefined),
      isSealed,
    );
    assert.equal(
      kept.some((part) => part.text !== ''),
      !isSealed,
    );
    lastOf(run.parts, 'end');
  });

  claim('reads carriage returns and skips comments and blank lines', async ({ ask, bytes }) => {
    const comment = name === 'ollama' ? '\r\n' : ': comment\r\n\r\n';
    const text = bytes('text').toString().replaceAll('\n', '\r\n');
    const events = text.split(/(?<=\r\n\r\n)/).flatMap((event) => [event, comment]);
    const { parts } = await ask([{ chunks: [comment, ...events] }]);
    assert.equal(textOf(parts), greeting);
    assert.deepEqual(lastOf(parts, 'end').usage, vendorCase.usage);
  });

  claim('reads letters, lines and events that are split anywhere', async ({ ask, bytes }) => {
    for (const size of [1, 7]) {
      const all = bytes('text');
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
        all.subarray(index * size, (index + 1) * size),
      );
      const { parts } = await ask([{ chunks }]);
      assert.equal(textOf(parts), greeting);
      assert.deepEqual(lastOf(parts, 'end').usage, vendorCase.usage);
    }
  });

  claim('skips a byte order mark', async ({ ask, bytes }) => {
    const { parts } = await ask([{ chunks: ['\uFEFF', bytes('text')] }]);
    assert.equal(textOf(parts), greeting);
    lastOf(parts, 'end');
  });

  claim('reads a last event that lacks its blank line', async ({ ask, bytesUntil }) => {
    const last =
      name === 'openai' ? '"response.completed"' : name === 'anthropic' ? 'end_turn' : '"stop"';
    const whole = bytesUntil('text', last);
    for (const missing of [1, separator.length]) {
      const { parts } = await ask([{ chunks: [whole.slice(0, -missing)] }]);
      assert.equal(lastOf(parts, 'end').stop.unified, 'stop');
    }
  });

  claim('skips events and fields that it does not know', async ({ ask }) => {
    const { parts } = await ask('unknown-events');
    assert.equal(textOf(parts), greeting);
    assert.equal(lastOf(parts, 'end').stop.unified, 'stop');
  });

  claim('an answer without a word is an answer', async ({ ask }) => {
    const run = await ask('empty');
    assert.deepEqual(
      run.parts.map((part) => part.type),
      ['start', 'end'],
    );
  });

  claim(
    'what happens to the connection after the finish takes nothing away',
    async ({ ask, bytes }) => {
      for (const then of ['silence', 'cut'] as const) {
        const run = await ask([{ chunks: [bytes('tool')], then }]);
        const end = lastOf(run.parts, 'end');
        assert.equal(end.stop.unified, 'tool-calls');
        assert.equal(end.usage.isEstimated, false);
        assert.equal(callsOf(run).length, 1);
      }
    },
  );

  claim('keeps words that come with the finish or after it', async ({ ask }) => {
    const { parts } = await ask('text-after-finish');
    assert.equal(textOf(parts), greeting);
    assert.equal(lastOf(parts, 'end').stop.unified, 'stop');
  });

  claim('lists its models, known and new', async ({ server, vendor, bytes }) => {
    server.answer(vendorCase.listPath, bytes('models.json').toString());
    if (name === 'ollama') server.answer('/api/show', bytes('show.json').toString());
    if (name === 'openrouter') server.answer('/key', '{"data":{"label":"sk-or-…"}}');
    const listed = await vendor.listModels(AbortSignal.timeout(60_000));
    assert.equal(listed.length, 2);
    assert.ok(listed.some((one) => one.model === vendorCase.newModel));
  });
});
