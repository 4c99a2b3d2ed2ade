import { MosaicError } from '@mosaic/proto';

const unreadable = () =>
  new MosaicError('provider_failed', 'The provider sent something of a form that nobody knows.');

/**
 * Text that a vendor may leave out; '' when it did. Throws provider_failed for anything but text:
 * words of an answer must not get lost without anybody hearing of it.
 */
export function wireText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  throw unreadable();
}

/** A list that a vendor may leave out. Throws provider_failed for anything but a list of objects. */
export function wireList<Item>(value: readonly Item[] | null | undefined): readonly Item[] {
  if (value === null || value === undefined) return [];
  const isList =
    Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
  if (isList) return value;
  throw unreadable();
}

/** A vendor's reason to stop, model or id: what is no text is none. */
export function wireName(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
