import { formatDuration, type ToolBlock } from '@mosaic/proto';

/** How a call stands, in a few words. */
export function stateOf({ output, isError, durationMs, approval }: ToolBlock): string {
  switch (approval?.state) {
    case 'waiting':
      return 'waits for you';
    case 'deny':
      return 'denied';
    case 'expired':
      return 'not answered in time';
    case 'withdrawn':
      return 'not made';
    default:
  }
  if (output === null) return 'running …';
  const took = durationMs === null ? '' : formatDuration(durationMs);
  return isError ? `failed after ${took}` : took;
}

/** The arguments on one line, for the closed card. */
export function inOneLine(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${visibleText(value)}`)
    .join(', ');
}

/** Letters that are not seen, or that turn around the order of those beside them. */
const hidden = /(?![\n\t])[\p{Cc}\p{Cf}]/gu;

/** A value as it is: whoever allows a call must see all of it. */
export function visibleText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (text ?? '').replace(
    hidden,
    (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
