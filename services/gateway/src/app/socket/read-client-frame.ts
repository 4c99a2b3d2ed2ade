import { type ClientFrame, clientFrameSchema, MosaicError } from '@mosaic/proto';
import { tooLongError } from '../assert-message-fits.ts';
import { badInput } from '../read-input.ts';

/** A frame that was understood, or why not and what it was about. */
export type ReadFrame =
  | { readonly frame: ClientFrame }
  | { readonly error: MosaicError; readonly about: string | undefined };

/** Reads what a client sent on the socket; never throws. */
export function readClientFrame(text: string): ReadFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: new MosaicError('bad_json', 'The frame is not valid JSON.'), about: undefined };
  }
  const parsed = clientFrameSchema.safeParse(value);
  if (parsed.success) return { frame: parsed.data };
  return { error: tooLongError(value) ?? badInput(parsed.error), about: subjectOf(value) };
}

/** What the answer to a frame is about: the message, the conversation or the ping it names. */
function subjectOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of ['messageId', 'conversationId', 'id']) {
    const field = fields.get(name);
    if (typeof field === 'string') return field.slice(0, 64);
  }
  return undefined;
}
