import type { ProviderName } from '@mosaic/proto';
import type { Opened, Sealed, Sealer } from './seal-secret.ts';
import { type Bases, isAllowedBase } from './vendor-bases.ts';

/** What it takes to use a stored key. */
export interface KeyUse {
  /** Undefined: no master key is set. */
  readonly sealer: Sealer | undefined;
  readonly bases: Bases;
  /** Vendors that are look-alikes now: they get nobody's real key, which goes to the vendor itself. */
  readonly simulated: ReadonlySet<ProviderName>;
}

export type UsableKey = { readonly secret: string } | { readonly unusableReason: string };

export const noMasterKey =
  'Keys of your own can’t be kept here: whoever runs this Mosaic has to set MOSAIC_MASTER_KEY (or MOSAIC_MASTER_KEY_FILE) to 32 bytes in base64, as "openssl rand -base64 32" makes them.';

/** The secret of a stored key, or why it can't be used, with what to do. */
export function openStoredKey(
  stored: Sealed & { readonly provider: ProviderName; readonly baseUrl: string | null },
  userId: string,
  { bases, sealer, simulated }: KeyUse,
): UsableKey {
  const { baseUrl, provider } = stored;
  if (baseUrl === null && simulated.has(provider)) {
    return {
      unusableReason: `It was for the address of this Mosaic, where a look-alike of ${provider} answers now. It is kept; save it again to use it.`,
    };
  }
  if (!isAllowedBase(bases, provider, baseUrl)) {
    return { unusableReason: `Its address ${baseUrl} is not allowed here any more.` };
  }
  const opened: Opened = sealer?.open(stored, { userId, provider, baseUrl }) ?? {
    problem: 'unknown-master-key',
  };
  if ('secret' in opened) return opened;
  switch (opened.problem) {
    case 'unknown-master-key':
      return {
        unusableReason: `It was sealed with a master key (${stored.masterKeyId}) that is not set now. Nothing is lost: whoever runs this Mosaic can put that key behind the newest in MOSAIC_MASTER_KEY.`,
      };
    case 'not-authentic':
      return { unusableReason: 'It can’t be opened: its row was changed. Save the key again.' };
    default:
      return opened.problem satisfies never;
  }
}
