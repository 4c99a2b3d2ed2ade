import { createHash } from 'node:crypto';
import type { ProviderName } from '@mosaic/proto';
import type { VendorKey } from '../vendor/vendor-key.ts';

/** The id of a key: the same secret has the same one everywhere, at one vendor. */
export function identifyKey(provider: ProviderName, secret: string): string {
  return createHash('sha256').update(`${provider}\n${secret}`).digest('hex').slice(0, 16);
}

/** A key of the installation. Ollama needs none: the empty secret stands for "without". */
export function installationKey(provider: ProviderName, secret: string): VendorKey {
  return { id: identifyKey(provider, secret), secret, baseUrl: null, owner: 'installation' };
}

/** The last four characters, and nothing of a key so short that they would give it away. */
export function hintOf(secret: string): string | null {
  return secret.length >= 12 ? secret.slice(-4) : null;
}
