import { instantSchema, MosaicError } from '@mosaic/proto';
import { z } from 'zod';

/** The last line of a page: the next page begins behind it. */
export interface PageCursor {
  readonly updatedAt: string;
  readonly id: string;
}

/** The same of the conversation list, which has pinned ones in front. */
export interface ListCursor extends PageCursor {
  readonly isPinned: boolean;
}

const cursorSchema = z.tuple([instantSchema, z.string().min(1), z.boolean()]);

export function writeCursor({ id, isPinned = false, updatedAt }: PageCursor & Partial<ListCursor>) {
  return Buffer.from(JSON.stringify([updatedAt, id, isPinned])).toString('base64url');
}

/** Throws bad_request for a cursor that `writeCursor` did not make. */
export function readCursor(text: string): ListCursor {
  try {
    const json: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [updatedAt, id, isPinned] = cursorSchema.parse(json);
    return { updatedAt, id, isPinned };
  } catch (cause) {
    throw new MosaicError('bad_request', 'The cursor is not one of this list.', { cause });
  }
}
