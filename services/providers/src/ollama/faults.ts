import { MosaicError } from '@mosaic/proto';
import { codeFromText, cutFault, faultFromThrown, makeFault } from '../app/vendor/vendor-fault.ts';
import type { VendorFault } from '../app/vendor/vendor-port.ts';

/** The SDK throws plain errors with the server's words, and one of its own for a missing end. */
export function toFault(thrown: unknown): VendorFault {
  const isPlain = thrown instanceof Error && thrown.constructor === Error;
  if (!isPlain || thrown instanceof MosaicError || thrown.cause) return faultFromThrown(thrown);
  if (thrown.message.startsWith('Did not receive done')) return cutFault;
  return toStreamFault(thrown.message);
}

/** What a line with only `error` means; the server gives no code. */
export function toStreamFault(message: string): VendorFault {
  if (/not found/.test(message)) return makeFault('unknown_model', message);
  if (/server busy|overloaded|too many requests/i.test(message)) {
    return makeFault('provider_overloaded', message);
  }
  return makeFault(codeFromText(message, 'provider_failed'), message);
}
