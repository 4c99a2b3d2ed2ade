import type { ModelRef, ProviderName } from '@mosaic/proto';
import { providerNames } from '@mosaic/proto';
import { anthropicCards } from '../../src/anthropic/models.ts';
import { anthropicRules, toWire as toAnthropic } from '../../src/anthropic/wire.ts';
import { buildRequest } from '../../src/app/build-request.ts';
import { blankCard } from '../../src/app/catalogue.ts';
import type {
  CompletionRequest,
  VendorCard,
  VendorRequest,
  VendorRules,
} from '../../src/app/vendor/vendor-port.ts';
import { ollamaCards } from '../../src/ollama/models.ts';
import { ollamaRules, toWire as toOllama } from '../../src/ollama/wire.ts';
import { openAiCards } from '../../src/openai/models.ts';
import { openAiRules, toWire as toOpenAi } from '../../src/openai/wire.ts';
import { openRouterCards } from '../../src/openrouter/models.ts';
import { openRouterRules, toWire as toOpenRouter } from '../../src/openrouter/wire.ts';
import { zaiCards } from '../../src/zai/models.ts';
import { toWire as toZai, zaiRules } from '../../src/zai/wire.ts';

interface VendorParts {
  readonly rules: VendorRules;
  readonly cards: readonly VendorCard[];
  readonly toWire: (request: VendorRequest) => object;
}

const vendors: Readonly<Record<ProviderName, VendorParts>> = {
  anthropic: { rules: anthropicRules, cards: anthropicCards, toWire: toAnthropic },
  openai: { rules: openAiRules, cards: openAiCards, toWire: toOpenAi },
  openrouter: { rules: openRouterRules, cards: openRouterCards, toWire: toOpenRouter },
  zai: { rules: zaiRules, cards: zaiCards, toWire: toZai },
  ollama: {
    rules: ollamaRules,
    cards: ollamaCards.filter((card) => !card.capabilities.includes('embedding')),
    toWire: (request) => toOllama(request, 16_384),
  },
};

/** One model of each vendor, and one that no card describes. */
export interface TestModel {
  readonly ref: ModelRef;
  readonly card: VendorCard;
}

export const allModels: readonly TestModel[] = providerNames.flatMap((provider) =>
  [...vendors[provider].cards, blankCard('unknown-model')].map((card) => ({
    ref: { provider, model: card.model },
    card,
  })),
);

/** The first model of a vendor. */
export function modelOf(provider: ProviderName): TestModel {
  const [card] = vendors[provider].cards;
  if (card === undefined) throw new TypeError(`${provider} has no card`);
  return { ref: { provider, model: card.model }, card };
}

export interface Wire {
  /** The body as it leaves, read back from its JSON. */
  readonly body: Record<string, unknown>;
  readonly json: string;
  readonly warnings: readonly string[];
}

/** The whole way of a request: reduced to what the model takes, then written in the vendor's form. */
export function wireOf(request: CompletionRequest, { ref, card }: TestModel): Wire {
  const { rules, toWire } = vendors[ref.provider];
  const built = buildRequest(request, { candidate: ref, card, rules });
  // The Ollama SDK sends bytes of images in base64.
  const json = JSON.stringify(toWire(built.request), (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
  return { body: JSON.parse(json), json, warnings: built.warnings };
}

export const plainRequest: Omit<CompletionRequest, 'turns'> = {
  candidates: [{ provider: 'anthropic', model: 'any' }],
  system: 'Be brief.',
  tools: [],
  toolChoice: 'auto',
  conversationId: 'c1',
  purpose: 'turn',
};
