import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { type Caller, callerSchema, MosaicError } from '@mosaic/proto';
import { z } from 'zod';
import type { SignedCaller } from '../bus/port.ts';

/** Ed25519 keys of the caller token: raw 32 bytes each, in base64url. */
export interface CallerKeys {
  readonly publicKey: string;
  /** Only the gateway has it: who holds it can speak for anybody. */
  readonly seed: string;
}

const payloadSchema = callerSchema.extend({ iat: z.number().int() });

/** RFC 8410: what stands in front of the 32 bytes of an Ed25519 seed in PKCS #8. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Importing a key costs more than using it; an installation has one, tests a few. */
const publicKeys = new Map<string, KeyObject>();

/** The same person's token comes with each of their messages; a check costs some 0.1 ms. */
const verifiedTokens = new Map<string, SignedCaller>();
const rememberedTokens = 1_000;

/** Makes the key pair of an installation. */
export function makeCallerKeys(): CallerKeys {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x, d } = privateKey.export({ format: 'jwk' });
  if (x === undefined || d === undefined) throw new TypeError('no Ed25519 key was made');
  return { publicKey: x, seed: d };
}

/** Signs who stands behind a message. Throws bad_request when `caller` is not of its schema. */
export function signCaller(seed: string, caller: Caller): SignedCaller {
  const parsed = callerSchema.safeParse(caller);
  if (!parsed.success) {
    throw new MosaicError('bad_request', 'The caller is not of the documented form.', {
      details: parsed.error.issues,
    });
  }
  const der = Buffer.concat([pkcs8Prefix, Buffer.from(seed, 'base64url')]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const iat = Math.floor(Date.now() / 1_000);
  const payload = Buffer.from(JSON.stringify({ ...parsed.data, iat })).toString('base64url');
  const signature = sign(null, Buffer.from(payload), key).toString('base64url');
  return { ...parsed.data, token: `${payload}.${signature}` };
}

/** Reads a token back. Throws unauthenticated when the signature is not the gateway's. */
export function verifyCaller(publicKey: string, token: string): SignedCaller {
  const known = verifiedTokens.get(`${publicKey} ${token}`);
  if (known !== undefined) return known;
  const [payload = '', signature = '', ...rest] = token.split('.');
  const isGenuine =
    rest.length === 0 &&
    signature.length > 0 &&
    verify(null, Buffer.from(payload), keyFrom(publicKey), Buffer.from(signature, 'base64url'));
  if (!isGenuine) {
    throw new MosaicError('unauthenticated', 'The caller is not signed by the gateway.');
  }
  const { iat: _iat, ...caller } = payloadSchema.parse(
    JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')),
  );
  const signed: SignedCaller = { ...caller, token };
  remember(`${publicKey} ${token}`, signed);
  return signed;
}

function keyFrom(publicKey: string): KeyObject {
  const known = publicKeys.get(publicKey);
  if (known !== undefined) return known;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey },
    format: 'jwk',
  });
  publicKeys.set(publicKey, key);
  return key;
}

function remember(token: string, caller: SignedCaller): void {
  if (verifiedTokens.size >= rememberedTokens) {
    const oldest = verifiedTokens.keys().next();
    if (oldest.done !== true) verifiedTokens.delete(oldest.value);
  }
  verifiedTokens.set(token, caller);
}
