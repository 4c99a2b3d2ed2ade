/** Deeper than any schema of a tool, and far from what would overflow the stack of a serialiser. */
const deepest = 100;

/**
 * Reads the arguments of a call, given as JSON text or as an object; nothing at all is `{}`. Undefined
 * when they are no JSON object, or one nested too deep to be sent on: a tool must never run on half
 * of its arguments.
 */
export function parseToolArguments(written: unknown): Record<string, unknown> | undefined {
  const value = typeof written === 'string' ? parseJson(written) : (written ?? {});
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return isDeeperThan(value, deepest) ? undefined : { ...value };
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
