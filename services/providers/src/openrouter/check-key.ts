import type { Endpoint } from '../app/vendor/vendor-endpoint.ts';
import { makeClient } from '../openai-compatible/make-client.ts';

/**
 * Asks the vendor about the key itself, which costs nothing: its list of models is public and takes any
 * key. Throws what the SDK throws when the key is refused.
 * https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key
 */
export async function checkOpenRouterKey(endpoint: Endpoint, signal: AbortSignal): Promise<void> {
  await makeClient(endpoint).get('/key', { signal });
}
