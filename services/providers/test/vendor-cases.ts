import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cost, ErrorCode, Usage } from '@mosaic/proto';
import { makeAnthropic } from '../src/anthropic/adapter.ts';
import type { Answering, Stop, Vendor } from '../src/app/vendor/vendor-port.ts';
import { makeOllama } from '../src/ollama/adapter.ts';
import { makeOpenAi } from '../src/openai/adapter.ts';
import { makeOpenRouter } from '../src/openrouter/adapter.ts';
import { makeZai } from '../src/zai/adapter.ts';

/** One vendor under the shared claims: how to make it and what its fixtures should give. */
export interface VendorCase {
  readonly name: Vendor['name'];
  readonly make: (baseUrl: string, fetch?: typeof globalThis.fetch) => Vendor;
  readonly models: readonly [string, string];
  readonly contentType: string;
  /** What ends an event in its stream. */
  readonly separator: string;
  /** The usage in its fixtures, and in the one that reports twice. */
  readonly usage: Usage;
  readonly repeatedUsage?: Partial<Usage>;
  readonly costSource: Cost['source'];
  /** Who answers, as its fixtures name it. */
  readonly answering: Omit<Answering, 'type'>;
  /** How it says "too long", "filtered", and a word of its own. */
  readonly stops: Readonly<Record<'length' | 'filtered' | 'own-stop', Stop>>;
  /** What the fixture of an error in mid-stream means. */
  readonly errorCode: ErrorCode;
  /** The fixture of an error with the status it comes with, and what it means. */
  readonly refusals: readonly (readonly [file: string, status: number, code: ErrorCode])[];
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
const stop = (unified: Stop['unified'], raw: string): Stop => ({ unified, raw });
const everywhere = [
  ['unauthorized', 401, 'provider_auth'],
  ['forbidden', 403, 'provider_forbidden'],
  ['rate-limited', 429, 'provider_rate_limited'],
  ['too-long', 400, 'context_too_long'],
  ['failed', 500, 'provider_failed'],
  ['refused', 400, 'provider_refused'],
] as const;

export const vendorCases: readonly VendorCase[] = [
  {
    name: 'anthropic',
    make: (baseUrl, fetch) => makeAnthropic({ apiKey, baseUrl, ...(fetch && { fetch }) }),
    models: ['claude-sonnet-4-6', 'claude-haiku-4-5'],
    contentType: sse,
    separator: '\n\n',
    usage: { ...usage, inputTokens: 12, cacheWrite5mTokens: 20, cacheWrite1hTokens: 10 },
    repeatedUsage: { inputTokens: 40 },
    costSource: 'table',
    answering: { model: 'claude-sonnet-4-6', answerId: 'msg_01XFDUDYJgAACzvnptvVoYEL' },
    stops: {
      length: stop('length', 'max_tokens'),
      filtered: stop('refusal', 'refusal'),
      'own-stop': stop('other', 'pause_turn'),
    },
    errorCode: 'provider_overloaded',
    refusals: [
      ...everywhere,
      ['quota', 400, 'provider_quota'],
      ['spend-limit', 429, 'provider_quota'],
      ['unknown-model', 404, 'unknown_model'],
      ['overloaded', 529, 'provider_overloaded'],
    ],
    listPath: '/v1/models',
    newModel: 'claude-next-9',
    noise: ': keep-alive\n\nevent: ping\ndata: {"type":"ping"}\n\n',
  },
  {
    name: 'openai',
    make: (baseUrl, fetch) => makeOpenAi({ apiKey, baseUrl, ...(fetch && { fetch }) }),
    models: ['gpt-5.4', 'gpt-5.4-mini'],
    contentType: sse,
    separator: '\n\n',
    usage,
    costSource: 'table',
    answering: {
      model: 'gpt-5.4-2026-03-05',
      answerId: 'resp_68af4030592c81938ec0a5fbab4a3e9f05438e46',
    },
    stops: {
      length: stop('length', 'max_output_tokens'),
      filtered: stop('content-filter', 'content_filter'),
      'own-stop': stop('refusal', 'completed'),
    },
    errorCode: 'provider_overloaded',
    refusals: [
      ...everywhere,
      ['quota', 429, 'provider_quota'],
      ['unknown-model', 404, 'unknown_model'],
      ['overloaded', 503, 'provider_overloaded'],
    ],
    listPath: '/models',
    newModel: 'gpt-next',
    noise: ': keep-alive\n\nevent: keepalive\ndata: {"type":"keepalive","sequence_number":9}\n\n',
  },
  {
    name: 'openrouter',
    make: (baseUrl, fetch) => makeOpenRouter({ apiKey, baseUrl, ...(fetch && { fetch }) }),
    models: ['anthropic/claude-sonnet-4.6', 'z-ai/glm-5'],
    contentType: sse,
    separator: '\n\n',
    usage: { ...usage, inputTokens: 12, cacheWrite5mTokens: 30 },
    costSource: 'vendor',
    answering: {
      model: 'anthropic/claude-sonnet-4.6',
      upstream: 'Anthropic',
      answerId: 'gen-1764067200-GxAVRWLnwGaoGfCWBrQf',
    },
    stops: {
      length: stop('length', 'length'),
      filtered: stop('content-filter', 'content_filter'),
      'own-stop': stop('refusal', 'stop'),
    },
    errorCode: 'provider_overloaded',
    refusals: [
      ...everywhere,
      ['quota', 402, 'provider_quota'],
      ['budget-in-flight', 402, 'provider_rate_limited'],
      ['unknown-model', 404, 'unknown_model'],
      ['overloaded', 503, 'provider_overloaded'],
    ],
    listPath: '/models',
    newModel: 'somebody/new',
    noise: ': OPENROUTER PROCESSING\n\n',
  },
  {
    name: 'zai',
    make: (baseUrl, fetch) => makeZai({ apiKey, baseUrl, ...(fetch && { fetch }) }),
    models: ['glm-5', 'glm-4.7'],
    contentType: sse,
    separator: '\n\n',
    usage,
    costSource: 'table',
    answering: { model: 'glm-5', answerId: '20261125163000a1b2c3d4e5f64c01' },
    stops: {
      length: stop('length', 'length'),
      filtered: stop('content-filter', 'sensitive'),
      'own-stop': stop('context-exceeded', 'model_context_window_exceeded'),
    },
    errorCode: 'provider_overloaded',
    refusals: [
      ...everywhere,
      ['quota', 429, 'provider_quota'],
      ['plan-window', 429, 'provider_quota'],
      ['unknown-model', 400, 'unknown_model'],
      ['overloaded', 429, 'provider_overloaded'],
    ],
    listPath: '/models',
    newModel: 'glm-next',
    noise: ': keep-alive\n\n',
  },
  {
    name: 'ollama',
    make: (baseUrl, fetch) =>
      makeOllama({ baseUrl, longestContextTokens: 16_384, ...(fetch && { fetch }) }),
    models: ['qwen3', 'llama3.2'],
    contentType: 'application/x-ndjson',
    separator: '\n',
    // It counts neither cached input nor thinking by itself.
    usage: { ...usage, inputTokens: 142, cacheReadTokens: 0, outputTokens: 15, reasoningTokens: 0 },
    costSource: 'local',
    // It gives its answers no id.
    answering: { model: 'qwen3' },
    stops: {
      length: stop('length', 'length'),
      filtered: stop('other', 'unload'),
      'own-stop': stop('other', 'load'),
    },
    errorCode: 'provider_overloaded',
    refusals: [
      ...everywhere,
      ['quota', 429, 'provider_quota'],
      ['unknown-model', 404, 'unknown_model'],
      ['overloaded', 503, 'provider_overloaded'],
    ],
    listPath: '/api/tags',
    newModel: 'mistral:7b',
    noise: '\n',
  },
];

const folder = join(import.meta.dirname, 'fixtures');

/** Bytes as a vendor sends them, written after its documentation; the name without its extension. */
export function fixture(vendor: VendorCase['name'], name: string): Buffer {
  const extension = name.includes('.') ? '' : vendor === 'ollama' ? '.ndjson' : '.sse';
  return readFileSync(join(folder, vendor, `${name}${extension}`));
}

/** The names of all streams of a vendor. */
export function streamFixtures(vendor: VendorCase['name']): string[] {
  const files = readdirSync(join(folder, vendor)).filter((file) => !file.endsWith('.json'));
  return files.map((file) => file.replace(/\.\w+$/, '')).sort();
}
