const unstorable = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/**
 * Text as PostgreSQL takes it: without the zero character and halves of surrogate pairs, which people
 * paste and models emit now and then. They become U+FFFD; refusing them would stop a conversation.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** JSON as a `jsonb` column takes it; names of properties are cleaned like values. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replace(unstorable, '$1\ufffd');
}
