import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Turn } from '@mosaic/proto';
import * as anthropic from '../../src/anthropic/wire.ts';
import type { VendorCard, VendorRequest } from '../../src/app/vendor/vendor-port.ts';
import * as openrouter from '../../src/openrouter/wire.ts';
import { clock, sampleRequest } from './sample-request.ts';

const long = 'x'.repeat(4_000);
const says = (role: 'user' | 'assistant', text: string): Turn => ({
  role,
  content: [{ type: 'text', text }],
});
const turns = [says('user', 'one'), says('assistant', 'two'), says('user', 'three')];

/** The end of every marked beginning, as text. */
function marksOf(wire: Readonly<Record<string, unknown>>): string[] {
  const found: string[] = [];
  const { messages, system, tools } = wire;
  // In the order in which the vendor reads them.
  JSON.stringify([tools, system, messages], (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'cache_control' in value) {
      assert.deepEqual(value.cache_control, { type: 'ephemeral' });
      found.push('text' in value ? String(value.text).slice(0, 5) : JSON.stringify(value));
    }
    return value;
  });
  return found;
}

function request(changes: Partial<VendorRequest>, card: Partial<VendorCard> = {}) {
  return sampleRequest(
    { isPrefixReused: true, system: long, turns, ...changes },
    { cacheFromTokens: 1_024, ...card },
  );
}

describe('anthropic caches', () => {
  const marks = (changes: Partial<VendorRequest>, card?: Partial<VendorCard>) =>
    marksOf({ ...anthropic.toWire(request(changes, card)) });

  test('tools, instructions, what the last request ended with, and the end: at most four', () => {
    const tools = [{ ...clock, description: long }];
    assert.deepEqual(
      marks({ tools }).map((mark) => mark.slice(0, 8)),
      ['{"name":', 'xxxxx', 'one', 'three'],
    );
  });

  test('no beginning that is smaller than the model caches', () => {
    assert.deepEqual(marks({ system: 'short' }), []);
    assert.deepEqual(marks({ system: 'short', turns: [says('user', long)] }), ['xxxxx']);
    assert.deepEqual(marks({}, { cacheFromTokens: 4_096 }), []);
  });

  test('nothing where the beginning is not sent again, or for a model without marks', () => {
    assert.deepEqual(marks({ isPrefixReused: false }), []);
    assert.deepEqual(marks({}, { cacheFromTokens: null }), []);
  });

  test('the results that the last request ended with, however many came since', () => {
    const calls = Array.from({ length: 30 }, (_, index) => `call_${index}`);
    const loop: Turn[] = [
      says('user', 'go'),
      {
        role: 'assistant',
        content: calls.map((id) => ({ type: 'tool-call', id, name: 'clock', arguments: {} })),
      },
      {
        role: 'tool',
        results: calls.map((callId) => ({ callId, name: 'clock', output: 'noon', isError: false })),
      },
    ];
    const marked = marks({ turns: loop });
    assert.deepEqual(marked.slice(0, 2), ['xxxxx', 'go']);
    assert.match(marked[2] ?? '', /call_29/);
  });
});

describe('openrouter caches', () => {
  const ask = (model: string, changes: Partial<VendorRequest> = {}) =>
    openrouter.toWire({ ...request(changes, { cacheFromTokens: null }), model });

  test('what is marked, for the makers whose models want marks, and by itself for others', () => {
    const places = ['xxxxx', 'one', 'three'];
    assert.deepEqual(marksOf({ ...ask('anthropic/claude-next') }), places);
    assert.deepEqual(marksOf({ ...ask('google/gemini-3-pro') }), places);
    assert.deepEqual(marksOf({ ...ask('openai/gpt-5.4') }), []);
    assert.deepEqual(marksOf({ ...ask('anthropic/claude-next', { isPrefixReused: false }) }), []);
  });

  test('under the same parts whether they are marked or not', () => {
    const shape = (wire: object) =>
      JSON.stringify(wire).replaceAll(',"cache_control":{"type":"ephemeral"}', '');
    assert.equal(
      shape(ask('anthropic/claude-next')),
      shape(ask('anthropic/claude-next', { isPrefixReused: false })),
    );
  });
});
