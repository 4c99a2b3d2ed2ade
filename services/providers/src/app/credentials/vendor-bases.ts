import { MosaicError, type ProviderName, providerNameSchema } from '@mosaic/proto';
import { z } from 'zod';

export type Bases = Readonly<Partial<Record<ProviderName, string[]>>>;

/**
 * The addresses that vendors document for their own API. Nothing else may be chosen by a person: an
 * address of one's own choice makes the service call whatever lies in its network.
 */
export const documentedBases: Bases = {
  anthropic: ['https://api.anthropic.com'],
  // https://developers.openai.com/api/docs/guides/data-residency
  openai: [
    'https://api.openai.com/v1',
    'https://eu.api.openai.com/v1',
    'https://us.api.openai.com/v1',
  ],
  // https://openrouter.ai/docs/guides/features/in-region-routing
  openrouter: [
    'https://openrouter.ai/api/v1',
    'https://eu.openrouter.ai/api/v1',
    'https://us.openrouter.ai/api/v1',
  ],
  // Pay as you go, and the coding plan, whose keys work at its own address alone.
  zai: ['https://api.z.ai/api/paas/v4', 'https://api.z.ai/api/coding/paas/v4'],
};

/** The vendor's own address, whatever this installation calls in its name; null has none. */
export function vendorBase(provider: ProviderName): string | null {
  return documentedBases[provider]?.[0] ?? null;
}

/** Reads `zai=https://…,openai=https://…`; undefined when it is not of that form. */
export function parseBases(text: string): Bases | undefined {
  const bases: Partial<Record<ProviderName, string[]>> = {};
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  for (const part of parts) {
    const equals = part.indexOf('=');
    const provider = providerNameSchema.safeParse(part.slice(0, equals));
    const url = z.url({ protocol: /^https?$/ }).safeParse(part.slice(equals + 1));
    if (!provider.success || !url.success) return undefined;
    bases[provider.data] = [...(bases[provider.data] ?? []), plain(url.data)];
  }
  return bases;
}

/** The vendor's documented addresses and those that the installation allows beside them. */
export function allowedBases(allowed: Bases): Bases {
  const names = providerNameSchema.options.filter((name) => name !== 'ollama');
  return Object.fromEntries(
    names.map((name) => [name, [...(documentedBases[name] ?? []), ...(allowed[name] ?? [])]]),
  );
}

/** True for an address that may get a user's key; null, the installation's own, always may. */
export function isAllowedBase(bases: Bases, provider: ProviderName, baseUrl: string | null) {
  return baseUrl === null || (bases[provider] ?? []).includes(baseUrl);
}

/** The address as it is stored. Throws bad_request, with those that may be chosen. */
export function chooseBase(
  bases: Bases,
  { provider, baseUrl }: { readonly provider: ProviderName; readonly baseUrl: string | null },
): string | null {
  const chosen = baseUrl === null ? null : plain(baseUrl);
  if (isAllowedBase(bases, provider, chosen)) return chosen;
  const list = (bases[provider] ?? []).join(', ');
  throw new MosaicError(
    'bad_request',
    `This address may not be chosen for ${provider}, only: ${list}. Whoever runs this Mosaic can allow others with MOSAIC_USER_BASE_URLS.`,
  );
}

/** One spelling per address. What can't be read stays as it is, and is allowed nowhere. */
function plain(url: string): string {
  return URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : url;
}
