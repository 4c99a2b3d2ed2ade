import type { Turn } from '@mosaic/proto';
import { blankCard } from '../../src/app/catalogue.ts';
import type { VendorCard, VendorRequest } from '../../src/app/vendor/vendor-port.ts';

const turns: Turn[] = [
  { role: 'user', content: [{ type: 'text', text: 'What time is it?' }] },
  {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'I need the clock.', signature: 'sealed' },
      { type: 'text', text: 'One moment.' },
      { type: 'tool-call', id: 'call_1', name: 'clock', arguments: { zone: 'UTC' } },
    ],
  },
  { role: 'tool', results: [{ callId: 'call_1', name: 'clock', output: 'noon', isError: false }] },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'And here?' },
      { type: 'image', mediaType: 'image/png', base64: 'iVBORw==' },
    ],
  },
];

export const clock = {
  name: 'clock',
  description: 'Tells the time.',
  parameters: { type: 'object', properties: { zone: { type: 'string' } } },
};

/** A request with everything in it; a test changes what it is about. */
export function sampleRequest(
  changes: Partial<VendorRequest> = {},
  card: Partial<VendorCard> = {},
): VendorRequest {
  return {
    model: 'some-model',
    card: { ...blankCard('some-model'), capabilities: ['tools', 'reasoning'], ...card },
    system: 'Be brief.',
    turns,
    tools: [clock],
    toolChoice: 'auto',
    parallelToolCalls: undefined,
    outputFormat: undefined,
    temperature: undefined,
    topP: undefined,
    stop: [],
    seed: undefined,
    presencePenalty: undefined,
    frequencyPenalty: undefined,
    maxOutputTokens: undefined,
    isLimitAsked: false,
    effort: undefined,
    thinkingTokens: undefined,
    conversationId: 'c1',
    isPrefixReused: false,
    ...changes,
  };
}
