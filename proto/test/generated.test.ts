import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Parser } from '@asyncapi/parser';
import { asyncapiDocument } from '../generate/asyncapi.ts';

test('the AsyncAPI document is valid AsyncAPI 3', async () => {
  const { diagnostics } = await new Parser().parse(JSON.stringify(asyncapiDocument()));
  assert.deepEqual(
    diagnostics
      .filter((one) => one.severity === 0)
      .map((one) => `${one.path.join('.')}: ${one.message}`),
    [],
  );
});

test('a broken AsyncAPI document is noticed', async () => {
  const broken = { ...asyncapiDocument(), channels: { x: { address: 7 } } };
  const { diagnostics } = await new Parser().parse(JSON.stringify(broken));
  assert.ok(diagnostics.some((one) => one.severity === 0));
});
