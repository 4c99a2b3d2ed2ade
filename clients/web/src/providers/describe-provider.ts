import type { KeyTestOutcome, OwnKey, ProviderName, ProvidersReply } from '@mosaic/proto';

export type ShownProvider = ProvidersReply['providers'][number];

export const providerTitles: Readonly<Record<ProviderName, string>> = {
  anthropic: 'Anthropic',
  openai: 'OpenAI',
  openrouter: 'OpenRouter',
  zai: 'Z.ai',
  ollama: 'Ollama',
};

/** In a word or two, whether it can be asked and by whose key. */
export function stateOf({ isConfigured, isHealthy, isSimulated, own }: ShownProvider): string {
  if (isSimulated) return 'simulated';
  if (!isConfigured) return 'no key';
  if (own?.keys.some((key) => key.unusableReason === null)) return 'ready, with your key';
  return isHealthy ? 'ready' : 'unwell';
}

const outcomes: Readonly<Record<KeyTestOutcome, string>> = {
  works: 'works',
  limited: 'known, but it may not do everything',
  'no-quota': 'known, but the account has nothing left',
  refused: 'refused',
  unclear: 'could not be tested',
  untested: 'not tested',
};

export interface KeyWords {
  readonly name: string;
  readonly result: string;
  /** What is wrong, in the words of the vendor or of Mosaic; null when nothing is. */
  readonly trouble: string | null;
}

/** A kept key in words. */
export function describeKey({ hint, message, outcome, unusableReason }: OwnKey): KeyWords {
  return {
    name: hint === null ? 'Your key' : `Your key …${hint}`,
    result: unusableReason === null ? outcomes[outcome] : 'not used',
    trouble: unusableReason ?? (outcome === 'works' ? null : message),
  };
}

/** Codes after which a key may be all right and only the way to the vendor is not. */
const unclearCodes: ReadonlySet<string> = new Set([
  'provider_unreachable',
  'provider_timeout',
  'provider_overloaded',
  'provider_rate_limited',
  'provider_failed',
  'provider_cut',
  'unknown_model',
]);

/** Whether keeping a key untested is worth offering after this error. */
export function mayBeKeptUntested(code: string): boolean {
  return unclearCodes.has(code);
}
