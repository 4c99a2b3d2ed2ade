import { fromSeed, type KeyPair } from '@nats-io/jwt';

/** The key pair of a NATS seed (`SO…`, `SA…`, `SU…`). Throws what the library throws for other texts. */
export function keyPairFrom(seed: string | Uint8Array): KeyPair {
  const pair = fromSeed(typeof seed === 'string' ? new TextEncoder().encode(seed) : seed);
  // The library, whose Ed25519 is JavaScript, derives it anew at every question: half of all it computes.
  const publicKey = pair.getPublicKey();
  pair.getPublicKey = () => publicKey;
  return pair;
}
