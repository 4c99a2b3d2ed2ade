import type { IncomingMessage } from 'node:http';
import {
  type ErrorCode,
  type OwnCredentials,
  type ProviderName,
  type ProvidersReply,
  providerNameSchema,
  saveCredentialsBody,
} from '@mosaic/proto';

type Shown = ProvidersReply['providers'][number];
type Answer = (status: number, body: unknown) => void;

const bases: Partial<Record<ProviderName, string[]>> = {
  zai: ['https://api.z.ai/api/paas/v4', 'https://api.z.ai/api/coding/paas/v4'],
};

const vendor = (name: ProviderName, reason: string | null): Shown => ({
  name,
  isConfigured: reason === null,
  isHealthy: reason === null,
  isSimulated: false,
  reason,
  keyHint: reason === null && name !== 'ollama' ? 'inst' : null,
  keys: [],
  restingModels: [],
  loadingModels: [],
  models: 2,
  checkedAt: null,
  own: null,
  bases: bases[name] ?? [],
});

/** The routes of vendors and keys, for one person, kept in memory. Keys are kept as hints alone. */
export class ProviderRoutes {
  readonly #own = new Map<ProviderName, OwnCredentials>();
  /** Bodies of every key that was to be kept. */
  readonly written: unknown[] = [];
  problem: string | null = null;

  async serve(request: IncomingMessage, path: string, answer: Answer): Promise<void> {
    const [, name, test] = /^\/api\/providers\/(\w+)\/credentials(\/test)?$/.exec(path) ?? [];
    if (name === undefined) answer(200, this.#list());
    else {
      const provider = providerNameSchema.parse(name);
      if (test !== undefined) this.#test(provider, answer);
      else if (request.method === 'PUT') this.#save(provider, await readBody(request), answer);
      else {
        this.#own.delete(provider);
        answer(204, null);
      }
    }
  }

  #list(): ProvidersReply {
    const all = [
      vendor('anthropic', null),
      vendor('openai', 'No key: set OPENAI_API_KEY (or OPENAI_API_KEY_FILE).'),
      vendor('openrouter', null),
      vendor('zai', 'No key: set ZAI_API_KEY (or ZAI_API_KEY_FILE).'),
      vendor('ollama', null),
    ];
    const providers = all.map((one) => {
      const own = this.#own.get(one.name) ?? null;
      const there = { isConfigured: true, isHealthy: true, reason: null };
      return own === null ? one : { ...one, ...there, own };
    });
    return { providers, problem: this.problem };
  }

  #save(provider: ProviderName, given: unknown, answer: Answer): void {
    this.written.push(given);
    const { baseUrl, key = '', skipTest } = saveCredentialsBody.parse(given);
    const hint = key.slice(-4);
    if (key.startsWith('bad-')) {
      return void refuse(
        answer,
        'provider_auth',
        `The key …${hint} was refused by the vendor: invalid key`,
      );
    }
    if (key.startsWith('slow-') && !skipTest) {
      return void refuse(answer, 'provider_unreachable', `The key …${hint} could not be tested.`);
    }
    const at = new Date().toISOString();
    const outcome = skipTest ? 'untested' : 'works';
    const tested = { testedAt: skipTest ? null : at, outcome, message: null } as const;
    const keys = [{ hint, savedAt: at, ...tested, unusableReason: null }];
    const credentials = { provider, baseUrl: baseUrl ?? null, keys };
    this.#own.set(provider, credentials);
    answer(200, { credentials });
  }

  #test(provider: ProviderName, answer: Answer): void {
    const own = this.#own.get(provider);
    if (own === undefined) return void refuse(answer, 'not_found', 'There is no such thing.');
    const testedAt = new Date().toISOString();
    const keys = own.keys.map((key) => ({ ...key, testedAt, outcome: 'works' as const }));
    this.#own.set(provider, { ...own, keys });
    answer(200, { credentials: { ...own, keys } });
  }
}

function refuse(answer: Answer, code: ErrorCode, message: string): void {
  answer(502, { error: { code, message } });
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}
