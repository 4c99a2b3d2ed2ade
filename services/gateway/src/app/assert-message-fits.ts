import { MosaicError, maxMessageChars } from '@mosaic/proto';
import { z } from 'zod';

const longText = z.object({ text: z.string().min(maxMessageChars + 1) });

const inWords = (count: number): string => count.toLocaleString('en');

/** Why a message whose text is too long is refused, with how much is allowed; undefined when it fits. */
export function tooLongError(message: unknown): MosaicError | undefined {
  const parsed = longText.safeParse(message);
  if (!parsed.success) return undefined;
  const { length } = parsed.data.text;
  return new MosaicError(
    'body_too_large',
    `The message has ${inWords(length)} characters; at most ${inWords(maxMessageChars)} are allowed.`,
  );
}

/** Throws body_too_large for a message whose text is too long. */
export function assertMessageFits(message: unknown): void {
  const error = tooLongError(message);
  if (error !== undefined) throw error;
}
