type Detail = Readonly<Record<string, unknown>>;

/** The fields of a detail that come in pieces. */
const written = ['text', 'summary'] as const;

/**
 * Puts the pieces of `reasoning_details` together that belong to one block, as the vendor wants them
 * back: text is joined, the signature comes with the last piece. Sealed blocks come whole.
 */
export function joinDetails(pieces: readonly unknown[]): readonly Detail[] {
  const joined: Detail[] = [];
  for (const piece of pieces) {
    // The list was read from JSON and holds objects only.
    const detail = piece as Detail;
    const last = joined.at(-1);
    if (last && isContinued(last, detail)) joined[joined.length - 1] = merge(last, detail);
    else joined.push(detail);
  }
  return joined;
}

function isContinued(last: Detail, next: Detail): boolean {
  const isWritten = written.some((field) => typeof last[field] === 'string');
  return isWritten && last['type'] === next['type'] && last['index'] === next['index'];
}

function merge(last: Detail, next: Detail): Detail {
  const known = Object.entries(next).filter(([, value]) => value !== null && value !== undefined);
  const merged: Record<string, unknown> = { ...last, ...Object.fromEntries(known) };
  for (const field of written) {
    if (typeof last[field] !== 'string') continue;
    merged[field] = last[field] + (typeof next[field] === 'string' ? next[field] : '');
  }
  return merged;
}
