import { createHash, createSecretKey, type KeyObject } from 'node:crypto';

/** A key that seals the keys of users. As a KeyObject it shows nothing of itself when printed. */
export interface MasterKey {
  /** Stands beside everything it sealed: 16 hex digits of a hash of 256 random bits give none away. */
  readonly id: string;
  readonly key: KeyObject;
}

const keyBytes = 32;
const base64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * Reads master keys, newest first, separated by commas or blanks: each 32 bytes in base64. Undefined
 * when one of them is none.
 */
export function parseMasterKeys(text: string): readonly MasterKey[] | undefined {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (!parts.every((part) => base64.test(part))) return undefined;
  const keys = parts.map((part) => makeMasterKey(Buffer.from(part, 'base64')));
  return keys.every(({ key }) => key.symmetricKeySize === keyBytes) ? keys : undefined;
}

function makeMasterKey(bytes: Buffer): MasterKey {
  const id = createHash('sha256').update('mosaic master key ').update(bytes).digest('hex');
  return { id: id.slice(0, 16), key: createSecretKey(bytes) };
}
