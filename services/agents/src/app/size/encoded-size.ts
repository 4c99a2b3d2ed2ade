/** Bytes that a text takes inside JSON in UTF-8: what counts against the bus limit. */
export function encodedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** The longest beginning of a text that takes at most `maxBytes` inside JSON. */
export function clipToBytes(text: string, maxBytes: number): string {
  if (encodedBytes(text) <= maxBytes) return text;
  let fits = 0;
  let tooLong = text.length;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (encodedBytes(text.slice(0, middle)) <= maxBytes) fits = middle;
    else tooLong = middle;
  }
  // Half of a surrogate pair would not survive UTF-8.
  return text.slice(0, fits).replace(/[\uD800-\uDBFF]$/, '');
}
