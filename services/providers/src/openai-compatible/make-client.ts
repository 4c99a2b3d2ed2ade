import OpenAI from 'openai';
import type { Endpoint } from '../app/vendor/vendor-endpoint.ts';
import { expectStream } from '../http/expect-stream.ts';

/** A client for any host that speaks one of OpenAI's APIs. */
export function makeClient({ apiKey, baseUrl, fetch }: Endpoint): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL: baseUrl,
    // Else the SDK would send OpenAI's account ids from the environment to other vendors.
    organization: null,
    project: null,
    // The one retry loop is ours, and the SDK would print what it can't parse: prompts and answers.
    maxRetries: 0,
    logLevel: 'off',
    fetch: expectStream(fetch),
  });
}
