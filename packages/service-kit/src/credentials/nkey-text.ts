const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const checksumBytes = 2;

/** Base32 (RFC 4648) without padding, as all texts of NATS keys are written. */
function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(value >> (bits - 5)) & 31];
  }
  return bits === 0 ? text : text + alphabet[(value << (5 - bits)) & 31];
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    const digit = alphabet.indexOf(letter);
    if (digit < 0) throw new TypeError('This is no NATS key: it has a letter that none has.');
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 255);
  }
  return Buffer.from(bytes);
}

/** CRC-16 with the polynomial 0x1021, beginning with 0 (XMODEM). */
function checksumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x8000 ? (sum << 1) ^ 0x1021 : sum << 1;
    sum &= 0xffff;
  }
  return sum;
}

/** The text of a key: what kind it is, its bytes and their checksum. */
export function writeNkey(kind: number, key: Uint8Array): string {
  const body = Buffer.from([kind, ...key]);
  const sum = Buffer.alloc(checksumBytes);
  sum.writeUInt16LE(checksumOf(body));
  return toBase32(Buffer.concat([body, sum]));
}

/** A seed in parts: the kind of its public key, and its 32 bytes. Throws TypeError for other texts. */
export function readSeed(text: string): { readonly kind: number; readonly seed: Buffer } {
  const raw = fromBase32(text);
  const body = raw.subarray(0, -checksumBytes);
  const [first = 0, second = 0] = body;
  const isSeed = body.length === 34 && (first & 0xf8) === 18 << 3;
  if (!isSeed || raw.readUInt16LE(body.length) !== checksumOf(body)) {
    throw new TypeError('This is no seed of a NATS key.');
  }
  // Both bytes share the kind, so that each begins with a letter that says what it is.
  return { kind: ((first & 7) << 5) | (second >> 3), seed: body.subarray(2) };
}
