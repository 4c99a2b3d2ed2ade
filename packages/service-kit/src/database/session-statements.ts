import { MosaicError } from '@mosaic/proto';

const safeUserId = /^[A-Za-z0-9_-]{1,64}$/;
const safeName = /^[a-z][a-z0-9_]{0,62}$/;

/** A schema or role name as it may stand in SQL. Throws a TypeError for one that would need quoting. */
export function sqlName(name: string): string {
  if (!safeName.test(name)) throw new TypeError(`"${name}" is not a plain lower-case SQL name`);
  return name;
}

/**
 * Sets search path, user and role until the end of the transaction. It is text and not parameters,
 * because only the simple protocol takes several statements in one message; so what goes in is
 * checked. `public` stays in the path for the types of extensions (pgvector).
 */
export function setLocalSession(
  session: { readonly schema: string; readonly role: string },
  userId: string | null,
): string {
  if (userId !== null && !safeUserId.test(userId)) {
    throw new MosaicError('bad_request', 'The user id is not a plain token.');
  }
  const settings = [
    `set_config('search_path', '${sqlName(session.schema)}, public', true)`,
    `set_config('app.user_id', '${userId ?? ''}', true)`,
    `set_config('role', '${sqlName(session.role)}', true)`,
  ];
  return `select ${settings.join(', ')}`;
}
