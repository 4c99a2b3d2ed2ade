import { z } from 'zod';

/** Ids that travel in subjects: letters, digits, `_` and `-` only, at most 64 characters. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .describe('An opaque id that is safe as one subject token.');

/** Ids a client makes itself, so that sending twice does nothing. */
export const clientIdSchema = z.uuid().describe('A UUID made by the client (version 7 preferred).');

/** Time as written everywhere: ISO 8601 in UTC with milliseconds. */
export const instantSchema = z.iso.datetime().describe('ISO 8601 instant in UTC.');

/**
 * Makes a UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits, so ids sort
 * by time of making. Works in Node and in browsers.
 */
export function makeId(nowMs: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(nowMs / 2 ** 32));
  view.setUint32(2, nowMs % 2 ** 32);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
