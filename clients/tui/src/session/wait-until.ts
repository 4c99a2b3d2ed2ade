const lookEveryMs = 20;

/** Looks again and again; false when the time is over first. */
export async function waitUntil(isSo: () => boolean, limitMs: number): Promise<boolean> {
  const endsAt = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() >= endsAt) return false;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return true;
}
