import assert from 'node:assert/strict';
import { lastOf, textOf } from '../run-vendor.ts';
import { callsOf, forEveryVendor, partsOf } from './claims.ts';

const weather = ['get_weather', { city: 'Köln' }] as const;
const time = ['get_time', { zone: 'Europe/Berlin' }] as const;

forEveryVendor('calls tools', (claim, vendorCase) => {
  claim('hands over a call with parsed arguments after it has announced it', async ({ ask }) => {
    const run = await ask('tool');
    assert.deepEqual(callsOf(run), [weather]);
    const [begun] = partsOf(run, 'tool-call-start');
    const [called] = partsOf(run, 'tool-call');
    assert.equal(begun?.id, called?.call.id);
    assert.equal(begun?.name, 'get_weather');
    assert.equal(lastOf(run.parts, 'end').stop.unified, 'tool-calls');
  });

  claim('passes arguments on as they are written, and whole at the end', async ({ ask }) => {
    const run = await ask('tool');
    const pieces = partsOf(run, 'tool-call-delta').map((part) => part.json);
    // Ollama writes no call in pieces: its form is the whole call in one line.
    if (vendorCase.name === 'ollama') assert.deepEqual(pieces, []);
    else assert.deepEqual(pieces, ['{"city":', ' "Köln"}']);
  });

  claim('keeps two calls apart that are written at the same time', async ({ ask }) => {
    const run = await ask('two-tools');
    assert.deepEqual(callsOf(run), [weather, time]);
    const ids = new Set(partsOf(run, 'tool-call').map(({ call }) => call.id));
    assert.equal(ids.size, 2);
    for (const { call } of partsOf(run, 'tool-call')) {
      const pieces = partsOf(run, 'tool-call-delta').filter((part) => part.id === call.id);
      const json = pieces.map((part) => part.json).join('');
      if (json !== '') assert.deepEqual(JSON.parse(json), call.arguments);
    }
  });

  claim('a call without arguments has none', async ({ ask }) => {
    const run = await ask('no-arguments');
    assert.deepEqual(callsOf(run), [['now', {}]]);
    assert.equal(lastOf(run.parts, 'end').stop.unified, 'tool-calls');
  });

  claim('takes arguments in the vendor’s other form', async ({ ask }) => {
    assert.deepEqual(callsOf(await ask('other-arguments')), [weather]);
  });

  claim('words before a call stay before it', async ({ ask }) => {
    const run = await ask('text-then-tool');
    assert.equal(textOf(run.parts), 'Let me look.');
    assert.deepEqual(callsOf(run), [weather]);
    const order = run.parts.map((part) => part.type);
    assert.ok(order.lastIndexOf('text') < order.indexOf('tool-call-start'));
  });

  claim('never hands over arguments that are broken', async ({ ask }) => {
    const run = await ask('broken-arguments');
    assert.deepEqual(callsOf(run), []);
    assert.equal(lastOf(run.parts, 'error').failure.code, 'provider_failed');
  });

  claim('drops a call that the output limit cut off, and says so', async ({ ask }) => {
    const run = await ask('cut-arguments');
    assert.deepEqual(callsOf(run), []);
    assert.equal(lastOf(run.parts, 'end').stop.unified, 'length');
    assert.match(partsOf(run, 'warning')[0]?.message ?? '', /get_weather was cut off/);
  });

  claim('a call that was begun and never finished is a failure', async ({ ask }) => {
    const run = await ask('unclosed-call');
    assert.deepEqual(callsOf(run), []);
    assert.equal(lastOf(run.parts, 'error').failure.code, 'provider_failed');
  });

  claim('a call that was promised and never came is a failure', async ({ ask }) => {
    const run = await ask('missing-call');
    assert.deepEqual(callsOf(run), []);
    assert.equal(lastOf(run.parts, 'error').failure.code, 'provider_failed');
  });
});
