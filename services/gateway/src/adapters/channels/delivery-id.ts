import { createHash } from 'node:crypto';

/**
 * The same thing said gives the same id, so that what is passed on again is shown once (RFC 9562, v8).
 * `what` names it: a run, or a question of one.
 */
export function deliveryId(what: string, index: number): string {
  const hex = createHash('sha256').update(`${what} ${index}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
