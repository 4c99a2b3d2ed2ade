import { idSchema, MosaicError } from '@mosaic/proto';
import { z } from 'zod';

/** Checks what came from outside. Throws bad_request that lists every problem with its place. */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw badInput(parsed.error);
}

/** The problems of a value as an error for whoever sent it. */
export function badInput(error: z.ZodError): MosaicError {
  const details = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const [first] = details;
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  return new MosaicError('bad_request', `${where}${first?.message ?? 'not as documented'}`, {
    details,
  });
}

/** An id from an address. One that can't be an id is that of nothing: not_found. */
export function readId(value: unknown): string {
  const parsed = idSchema.safeParse(value);
  if (!parsed.success) throw new MosaicError('not_found');
  return parsed.data;
}

/** A number in a query, within limits; `fallback` when it is absent. */
export const countIn = (limits: { readonly max: number; readonly fallback: number }) =>
  z.coerce.number().int().min(1).max(limits.max).default(limits.fallback);
