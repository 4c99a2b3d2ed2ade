import type { Endpoint } from '../app/vendor/vendor-endpoint.ts';
import { explainOpenAiError } from '../openai-compatible/explain-error.ts';
import { makeClient } from '../openai-compatible/make-client.ts';
import { toFault } from './faults.ts';

/** In every plan of the vendor, and the cheapest of our cards. */
const model = 'glm-4.7';

/**
 * Asks for an answer of one token, as the vendor documents nothing that takes a key and is free. Throws
 * what the SDK throws when the key is refused; a model that is not there says that the key is known.
 */
export async function checkZaiKey(endpoint: Endpoint, signal: AbortSignal): Promise<void> {
  const request = {
    model,
    max_tokens: 1,
    messages: [{ role: 'user' as const, content: 'Hi' }],
    thinking: { type: 'disabled' },
  };
  try {
    await makeClient(endpoint).chat.completions.create(request, { signal });
  } catch (thrown) {
    const { code } = explainOpenAiError(thrown, toFault, toFault);
    if (code !== 'unknown_model' || !isAnswer(thrown)) throw thrown;
  }
}

/** A 404 without a business code is no answer of the vendor's: something else is at that address. */
function isAnswer(thrown: unknown): boolean {
  return thrown instanceof Error && 'status' in thrown && thrown.status !== 404;
}
