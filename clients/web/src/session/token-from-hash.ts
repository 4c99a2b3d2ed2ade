/**
 * The token in a link such as `http://host/#token=…`, or null. A hash never leaves the browser, so
 * the token stays out of every server's log.
 */
export function tokenFromHash(hash: string): string | null {
  const written = /^#?(?:.*&)?token=([^&]+)/.exec(hash)?.[1];
  if (written === undefined) return null;
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
