/** Removes halves of surrogate pairs, which several vendors refuse as invalid JSON text. */
export function withoutLoneSurrogates(text: string): string {
  return text.isWellFormed() ? text : text.replace(/\p{Surrogate}/gu, '');
}

/** The same for every text inside a JSON value, keys included. */
export function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return withoutLoneSurrogates(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  return isRecord(value) ? cleanRecord(value) : value;
}

export function cleanRecord(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [withoutLoneSurrogates(key), cleanValue(inner)]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
