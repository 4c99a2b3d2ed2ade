import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { ProviderName } from '@mosaic/proto';
import type { MasterKey } from './master-keys.ts';

const algorithm = 'aes-256-gcm';
/** 96 bits, the size that GCM is made for; random ones are safe for 2^32 secrets under one key. */
const nonceBytes = 12;
const tagBytes = 16;

/** A secret as it is stored. */
export interface Sealed {
  readonly masterKeyId: string;
  readonly nonce: Buffer;
  /** The ciphertext with the authentication tag behind it. */
  readonly sealed: Buffer;
}

/** Where a sealed secret belongs. It opens nowhere else, whoever moves rows about. */
export interface SealPlace {
  readonly userId: string;
  readonly provider: ProviderName;
  /** Where the key is sent: a changed address must not get it. */
  readonly baseUrl: string | null;
}

export type Opened =
  | { readonly secret: string }
  | { readonly problem: 'unknown-master-key' | 'not-authentic' };

/** Seals with the newest of `keys`, which come newest first, and opens with whichever sealed. */
export function makeSealer(keys: readonly [MasterKey, ...MasterKey[]]) {
  const [newest] = keys;
  return {
    newestId: newest.id,
    seal(secret: string, place: SealPlace): Sealed {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, newest.key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(boundTo(place, newest.id));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      const sealed = Buffer.concat([text, cipher.getAuthTag()]);
      return { masterKeyId: newest.id, nonce, sealed };
    },
    open(stored: Sealed, place: SealPlace): Opened {
      const master = keys.find((one) => one.id === stored.masterKeyId);
      if (master === undefined) return { problem: 'unknown-master-key' };
      try {
        return { secret: openWith(master, stored, place) };
      } catch {
        // node:crypto has one answer to every wrong byte, and no more is to be learnt from it.
        return { problem: 'not-authentic' };
      }
    },
  };
}

export type Sealer = ReturnType<typeof makeSealer>;

function openWith(master: MasterKey, { nonce, sealed }: Sealed, place: SealPlace): string {
  const decipher = createDecipheriv(algorithm, master.key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(boundTo(place, master.id));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const text = decipher.update(sealed.subarray(0, -tagBytes));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}

/** Authenticated with the secret. JSON keeps the fields apart: no two places are the same bytes. */
function boundTo({ baseUrl, provider, userId }: SealPlace, masterKeyId: string): Buffer {
  return Buffer.from(
    JSON.stringify(['mosaic vendor key', 1, masterKeyId, userId, provider, baseUrl]),
    'utf8',
  );
}
