import { createHash } from 'node:crypto';
import type { ProviderName } from '@mosaic/proto';
import type { VendorKey } from '../vendor/vendor-key.ts';

/** The id of a key: the same secret has the same one everywhere, at one vendor. */
export function identifyKey(provider: ProviderName, secret: string): string {
  return createHash('sha256').update(`${provider}\n${secret}`).digest('hex').slice(0, 16);
}

/**
 * The id of one model with a key, for what concerns that model alone. It is the name of an entry on the
 * bus, which has at most four words of 64 characters: a longer name counts by its beginning.
 */
export function identifyModel(keyId: string, model: string): string {
  const words =
    Buffer.from(model)
      .toString('base64url')
      .match(/.{1,64}/g) ?? [];
  return [keyId, ...words.slice(0, 3)].join('.');
}

/** What such an id stands for; null for the id of a key. */
export function readModelId(id: string): { readonly keyId: string; readonly model: string } | null {
  const [keyId = '', ...words] = id.split('.');
  if (words.length === 0) return null;
  return { keyId, model: Buffer.from(words.join(''), 'base64url').toString() };
}

/** A key of the installation. Ollama needs none: the empty secret stands for "without". */
export function installationKey(provider: ProviderName, secret: string): VendorKey {
  return { id: identifyKey(provider, secret), secret, baseUrl: null, owner: 'installation' };
}

/** The last four characters, and nothing of a key so short that they would give it away. */
export function hintOf(secret: string): string | null {
  return secret.length >= 12 ? secret.slice(-4) : null;
}
