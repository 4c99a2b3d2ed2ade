import { MosaicError } from '@mosaic/proto';
import { Ollama } from 'ollama';
import { translateStream } from '../app/vendor/translate-stream.ts';
import type { Embedder, Vendor } from '../app/vendor/vendor-port.ts';
import { embedInBatches } from './embed.ts';
import { toFault } from './faults.ts';
import { describeModel } from './listed-models.ts';
import { ollamaCards } from './models.ts';
import { strictFetch } from './strict-fetch.ts';
import { startTranslation } from './translation.ts';
import { chooseContext, ollamaRules, toWire } from './wire.ts';

export interface OllamaOptions {
  readonly baseUrl: string;
  /** The largest context any model is loaded with, in tokens: it decides how much memory it takes. */
  readonly longestContextTokens: number;
  /** How requests are made; the platform's own way when absent. */
  readonly fetch?: typeof globalThis.fetch;
}

/** More models than this are listed without asking for their sizes. */
const mostShown = 50;

/** Talks to a local server's own API: its OpenAI-compatible door ignores the context size. */
export function makeOllama(options: OllamaOptions): Vendor & Embedder {
  const { baseUrl, longestContextTokens } = options;
  // One client per call, because only its fetch can be told the caller's signal.
  const clientFor = (signal: AbortSignal) =>
    new Ollama({ host: baseUrl, fetch: strictFetch(signal, options.fetch) });
  return {
    name: 'ollama',
    rules: ollamaRules,
    cards: ollamaCards,
    isListComplete: true,
    async *ask(request, signal) {
      const lines = await clientFor(signal).chat(toWire(request, longestContextTokens));
      const contextTokens = chooseContext(request, longestContextTokens);
      yield* translateStream(lines, startTranslation(request, contextTokens));
    },
    async listModels(signal) {
      const client = clientFor(signal);
      const { models } = await client.list();
      return Promise.all(
        models.map(async ({ name }, index) => {
          if (index >= mostShown) return describeModel(name, undefined);
          // A model that can't be described now is still there.
          const shown = await client.show({ model: name }).catch(() => undefined);
          return describeModel(name, shown);
        }),
      );
    },
    embed: (request) => embedInBatches(clientFor(request.signal), request),
    toFault(thrown) {
      const fault = toFault(thrown);
      // Who answers with a page of its own is there, but it is not Ollama.
      const isAbsent = fault.code === 'provider_unreachable' && !(thrown instanceof MosaicError);
      if (!isAbsent) return fault;
      const where = new URL(baseUrl.includes('://') ? baseUrl : `http://${baseUrl}`).host;
      const message = `Ollama does not answer at ${where}: start it, or set OLLAMA_BASE_URL.`;
      return { ...fault, message };
    },
  };
}
