import { type ErrorCode, MosaicError } from '@mosaic/proto';
import type { z } from 'zod';

interface Blame {
  /** What the value is, for people: `the request to router.route.decide`. */
  readonly what: string;
  /** Code of the error when it is not of the documented form. */
  readonly code: ErrorCode;
}

/**
 * Checks a value against its schema and gives back what the schema knows of it (unknown fields are
 * left out). Throws MosaicError with `blame.code` and the issues as details.
 */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  blame: Blame,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MosaicError(blame.code, `${blame.what} is not of the documented form.`, {
    details: parsed.error.issues,
  });
}

/** Turns a value into the bytes of a message. */
export function encoded(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value) ?? 'null', 'utf8');
}

/** Turns the bytes of a message back; throws bad_json. */
export function decoded(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
  } catch (cause) {
    throw new MosaicError('bad_json', undefined, { cause });
  }
}
