// Request bodies come from any client: read what is there, never throw on what is not.

export type JsonRecord = Readonly<Record<string, unknown>>;

export function asRecord(value: unknown): JsonRecord {
  // A parsed JSON object that is not an array has string keys only.
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonRecord)
    : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The text of a message's content: a string, or a list of parts of which some carry text. */
export function textOfContent(content: unknown): string {
  if (typeof content === 'string') return content;
  return asList(content)
    .map((part) => (typeof part === 'string' ? part : asText(asRecord(part)['text'])))
    .filter((text) => text !== '')
    .join('\n');
}
