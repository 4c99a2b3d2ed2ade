import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorCode, Usage } from '@mosaic/proto';
import { makeAnthropic } from '../src/anthropic/adapter.ts';
import type { Vendor } from '../src/app/vendor/vendor-port.ts';
import { makeOllama } from '../src/ollama/adapter.ts';
import { makeOpenAi } from '../src/openai/adapter.ts';
import { makeOpenRouter } from '../src/openrouter/adapter.ts';
import { makeZai } from '../src/zai/adapter.ts';

/** One vendor under the shared claims: how to make it and what its fixtures should give. */
export interface VendorCase {
  readonly name: Vendor['name'];
  readonly make: (baseUrl: string) => Vendor;
  readonly models: readonly [string, string];
  readonly contentType: string;
  /** The usage in its fixtures. */
  readonly usage: Usage;
  /** The model's name as its fixtures give it. */
  readonly answering: string;
  /** What the fixture of an error in mid-stream means. */
  readonly errorCode: ErrorCode;
  readonly listPath: string;
  readonly newModel: string;
  /** What counts as nothing: comments, pings, blank lines. */
  readonly noise: string;
}

const apiKey = 'test-key-0123456789';
const sse = 'text/event-stream; charset=utf-8';
const usage: Usage = {
  inputTokens: 42,
  cacheReadTokens: 100,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 11,
  reasoningTokens: 4,
  isEstimated: false,
};

export const vendorCases: readonly VendorCase[] = [
  {
    name: 'anthropic',
    make: (baseUrl) => makeAnthropic({ apiKey, baseUrl }),
    models: ['claude-sonnet-4-6', 'claude-haiku-4-5'],
    contentType: sse,
    usage: { ...usage, inputTokens: 12, cacheWrite5mTokens: 20, cacheWrite1hTokens: 10 },
    answering: 'claude-sonnet-4-6',
    errorCode: 'provider_overloaded',
    listPath: '/v1/models',
    newModel: 'claude-next-9',
    noise: ': keep-alive\n\nevent: ping\ndata: {"type":"ping"}\n\n',
  },
  {
    name: 'openai',
    make: (baseUrl) => makeOpenAi({ apiKey, baseUrl }),
    models: ['gpt-5.4', 'gpt-5.4-mini'],
    contentType: sse,
    usage,
    answering: 'gpt-5.4-2026-03-05',
    errorCode: 'provider_overloaded',
    listPath: '/models',
    newModel: 'gpt-next',
    noise: ': keep-alive\n\n',
  },
  {
    name: 'openrouter',
    make: (baseUrl) => makeOpenRouter({ apiKey, baseUrl }),
    models: ['anthropic/claude-sonnet-4.6', 'z-ai/glm-5'],
    contentType: sse,
    usage: { ...usage, inputTokens: 12, cacheWrite5mTokens: 30 },
    answering: 'anthropic/claude-sonnet-4.6',
    errorCode: 'provider_overloaded',
    listPath: '/models',
    newModel: 'somebody/new',
    noise: ': OPENROUTER PROCESSING\n\n',
  },
  {
    name: 'zai',
    make: (baseUrl) => makeZai({ apiKey, baseUrl }),
    models: ['glm-5', 'glm-4.7'],
    contentType: sse,
    usage,
    answering: 'glm-5',
    errorCode: 'provider_overloaded',
    listPath: '/models',
    newModel: 'glm-next',
    noise: ': keep-alive\n\n',
  },
  {
    name: 'ollama',
    make: (baseUrl) => makeOllama({ baseUrl, longestContextTokens: 16_384 }),
    models: ['qwen3', 'llama3.2'],
    contentType: 'application/x-ndjson',
    // It counts neither cached input nor thinking by itself.
    usage: { ...usage, inputTokens: 142, cacheReadTokens: 0, outputTokens: 15, reasoningTokens: 0 },
    answering: 'qwen3',
    errorCode: 'provider_overloaded',
    listPath: '/api/tags',
    newModel: 'mistral:7b',
    noise: '\n',
  },
];

/** Bytes as a vendor sends them, written after its documentation; the name without its extension. */
export function fixture(vendor: VendorCase['name'], name: string): Buffer {
  const extension = name.includes('.') ? '' : vendor === 'ollama' ? '.ndjson' : '.sse';
  return readFileSync(join(import.meta.dirname, 'fixtures', vendor, `${name}${extension}`));
}
