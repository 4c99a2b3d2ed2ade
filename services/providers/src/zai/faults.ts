import type { ErrorCode } from '@mosaic/proto';
import { codeFromStatus, makeFault, readRetryAfterMs } from '../app/vendor/vendor-fault.ts';
import type { VendorFault } from '../app/vendor/vendor-port.ts';
import type { ChatChunk } from '../openai-compatible/chat-translation.ts';
import type { WireError } from '../openai-compatible/explain-error.ts';

// https://docs.z.ai/api-reference/api-code
const businessCodes = new Map<string, ErrorCode>([
  ['1110', 'provider_auth'],
  ['1111', 'provider_auth'],
  ['1112', 'provider_auth'],
  // No balance: comes with status 429, but waiting does not help.
  ['1113', 'provider_quota'],
  ['1120', 'provider_auth'],
  ['1121', 'provider_auth'],
  ['1211', 'unknown_model'],
  // No right to this interface; in 1311 none to this model by the plan.
  ['1220', 'provider_forbidden'],
  ['1234', 'provider_failed'],
  ['1261', 'context_too_long'],
  ['1301', 'provider_content_filter'],
  ['1302', 'provider_rate_limited'],
  ['1303', 'provider_rate_limited'],
  ['1304', 'provider_quota'],
  ['1305', 'provider_overloaded'],
  ['1309', 'provider_quota'],
  ['1311', 'provider_forbidden'],
  ['1312', 'provider_overloaded'],
  ['1313', 'provider_rate_limited'],
]);

/** The windows of a plan (five hours, week, month) are used up; the message says until when. */
const planWindow = /^13(?:08|10|16|17|18|19|20|21)$/;

/**
 * How long to leave an account alone that is said to ask too often (1313), when the vendor names no
 * time. Trying again at once is what it complains about.
 */
const fairUseRestMs = 60_000;

/** The vendor's business code says more than the status that goes with it. */
export function toFault(error: WireError, nowMs = Date.now()): VendorFault {
  const asked = readRetryAfterMs(error.headers, nowMs);
  if (planWindow.test(error.code)) {
    return makeFault('provider_quota', error.message, asked ?? readResetMs(error.message, nowMs));
  }
  if (error.code === '1313') {
    return makeFault('provider_rate_limited', error.message, asked ?? fairUseRestMs);
  }
  const known =
    businessCodes.get(error.code) ??
    (/^100[0-4]$/.test(error.code) ? 'provider_auth' : undefined) ??
    (/^121\d$/.test(error.code) ? 'provider_refused' : undefined);
  // 434 is the vendor's own status for an interface that the account may not use.
  const status = error.status === 434 ? 403 : (error.status ?? 500);
  const code = known ?? codeFromStatus(status, error.message);
  return makeFault(code, error.message, asked);
}

/**
 * Milliseconds until the time in "Your limit will reset at 2026-09-12 00:35:41" (also in Chinese).
 * Without a zone it is Beijing time: the same account's usage page named 16:35:41 UTC for this one.
 */
export function readResetMs(message: string, nowMs: number): number | null {
  const stamp = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?/.exec(message);
  if (!stamp) return null;
  const [, day, time, zone = '+08:00'] = stamp;
  const atMs = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/**
 * The gateway's own envelope, `{code, msg, success: false}`, comes with HTTP 200, for an address that
 * it does not serve for example. Chunks of an answer may have a `code` too, but they have choices.
 */
export function toEnvelopeFault(chunk: ChatChunk): VendorFault | undefined {
  const { choices, code, msg, message } = chunk;
  if (choices || code === undefined || code === null) return undefined;
  const words = typeof msg === 'string' ? msg : message;
  if (typeof words !== 'string') return undefined;
  if (/not[ _]found/i.test(words)) return makeFault('unknown_model', words);
  const status = Number(code);
  return toFault({
    status: status >= 400 && status < 600 ? status : undefined,
    code: String(code),
    message: words,
    headers: undefined,
    body: {},
  });
}
