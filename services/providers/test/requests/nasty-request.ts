import { efforts, type ModelRef, type OutputFormat, type ToolSpec } from '@mosaic/proto';
import fc from 'fast-check';
import type { CompletionRequest } from '../../src/app/vendor/vendor-port.ts';
import { plainRequest } from './all-models.ts';
import { nastyHistory } from './nasty-history.ts';

const closed = {
  type: 'object',
  properties: {
    n: { type: 'number', minimum: 1 },
    tags: { type: 'array', items: { type: 'string' } },
  },
  required: ['n', 'tags'],
  additionalProperties: false,
};
const schemas: readonly Record<string, unknown>[] = [
  closed,
  { type: 'object', properties: { open: { type: 'object' } } },
  { anyOf: [closed, { type: 'string' }] },
  {
    type: 'object',
    properties: { self: { $ref: '#/$defs/node' } },
    $defs: { node: { $ref: '#/$defs/node' } },
  },
  { description: 'no type, half \ud83d' },
];

const tool: fc.Arbitrary<ToolSpec> = fc.record({
  name: fc.constantFrom('clock', 'weather', 'search'),
  description: fc.constantFrom('', 'Tells the time.', 'half \ud83d'),
  parameters: fc.constantFrom(...schemas, {}),
});

const outputFormat: fc.Arbitrary<OutputFormat> = fc.oneof(
  fc.constant({ type: 'json' as const }),
  fc.record(
    {
      type: fc.constant('json-schema' as const),
      name: fc.constant('answer'),
      description: fc.constantFrom('', 'The answer.'),
      schema: fc.constantFrom(...schemas),
    },
    { requiredKeys: ['type', 'name', 'schema'] },
  ),
);

/** Requests with every combination of options, as the contract allows them, over nasty histories. */
export function nastyRequest(authors: readonly ModelRef[]): fc.Arbitrary<CompletionRequest> {
  const options = fc.record(
    {
      temperature: fc.double({ min: 0, max: 2, noNaN: true }),
      topP: fc.double({ min: 0, max: 1, noNaN: true }),
      stop: fc.array(fc.constantFrom('END', '\n', ' ', '\ud83d', 'half \ud83d'), { maxLength: 16 }),
      seed: fc.integer(),
      presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
      frequencyPenalty: fc.double({ min: -2, max: 2, noNaN: true }),
      parallelToolCalls: fc.boolean(),
      outputFormat,
      maxOutputTokens: fc.oneof(fc.integer({ min: 1, max: 4_096 }), fc.integer({ min: 1 })),
      effort: fc.constantFrom(...efforts),
      conversationId: fc.constantFrom('c1', 'c'.repeat(300)),
    },
    { requiredKeys: [] },
  );
  return fc
    .record({
      options,
      turns: nastyHistory(authors),
      system: fc.constantFrom(null, '', ' ', 'Be brief.', 'half \ud83d', 'x'.repeat(20_000)),
      tools: fc.array(tool, { maxLength: 3 }),
      toolChoice: fc.constantFrom('auto' as const, 'none' as const, 'required' as const, {
        name: 'clock',
      }),
      purpose: fc.constantFrom('turn' as const, 'title' as const),
    })
    .map(({ options: chosen, ...rest }) => ({ ...plainRequest, ...rest, ...chosen }));
}
