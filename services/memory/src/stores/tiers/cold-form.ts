import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/**
 * On a chat of 590 kB in pieces of half a megabyte: level 3 leaves 20.4 % in 10 ms, level 9 17.8 % in
 * 38 ms, level 19 16.6 % in 770 ms; brotli 5 leaves 18.0 % and takes twice as long to read.
 */
const params = { [constants.ZSTD_c_compressionLevel]: 9 };

/** Events as one compressed piece. */
export interface ColdPiece {
  readonly body: Buffer;
  readonly checksum: Buffer;
  readonly rawBytes: number;
}

/** A stored piece that is not what was written. */
export class DamagedPiece extends Error {
  override readonly name = 'DamagedPiece';
}

/** Compresses events, each as its JSON text, and reads them back before anybody drops the originals. */
export async function toColdPiece(events: readonly string[]): Promise<ColdPiece> {
  // The text of `jsonb` has no line ends outside of strings, and none unescaped inside.
  const raw = Buffer.from(events.join('\n'));
  const piece = {
    body: await compress(raw, { params }),
    checksum: checksumOf(raw),
    rawBytes: raw.length,
  };
  await fromColdPiece(piece);
  return piece;
}

/** The events of a piece as JSON texts. Throws DamagedPiece. */
export async function fromColdPiece(piece: ColdPiece): Promise<readonly string[]> {
  const raw = await decompress(piece.body, { maxOutputLength: piece.rawBytes }).catch(
    (cause: unknown) => {
      throw new DamagedPiece('A piece can not be decompressed.', { cause });
    },
  );
  if (!checksumOf(raw).equals(piece.checksum)) throw new DamagedPiece('A piece has changed.');
  return raw.toString().split('\n');
}

function checksumOf(raw: Buffer): Buffer {
  return createHash('sha256').update(raw).digest().subarray(0, 16);
}
