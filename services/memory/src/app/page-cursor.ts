import { instantSchema, MosaicError } from '@mosaic/proto';
import { z } from 'zod';

/** The last line of a page of the conversation list: the next page begins behind it. */
export interface PageCursor {
  readonly updatedAt: string;
  readonly id: string;
}

const cursorSchema = z.tuple([instantSchema, z.string().min(1)]);

export function writeCursor(cursor: PageCursor): string {
  return Buffer.from(JSON.stringify([cursor.updatedAt, cursor.id])).toString('base64url');
}

/** Throws bad_request for a cursor that `writeCursor` did not make. */
export function readCursor(text: string): PageCursor {
  try {
    const json: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [updatedAt, id] = cursorSchema.parse(json);
    return { updatedAt, id };
  } catch (cause) {
    throw new MosaicError('bad_request', 'The cursor is not one of this list.', { cause });
  }
}
