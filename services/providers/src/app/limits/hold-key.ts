import { totalInputTokens } from '@mosaic/proto';
import { type Resolved, wrapVendor } from '../run/run-ports.ts';
import { makeFault } from '../vendor/vendor-fault.ts';
import type { VendorPart } from '../vendor/vendor-port.ts';
import { estimateCallTokens } from './estimate-call.ts';
import type { KeyAllowance } from './key-allowance.ts';

/**
 * Holds the key of a candidate to its minute. One without room fails as if its vendor had said so:
 * the key rests until it has room, another key or the next candidate answers.
 */
export function holdKey(resolved: Resolved, allowance: KeyAllowance): Resolved {
  // Long histories take a while to count: only where it matters.
  if ('obstacle' in resolved || allowance.isUnlimited) return resolved;
  const { keyId } = resolved;
  return wrapVendor(
    resolved,
    (ask) =>
      async function* (request, signal) {
        const taking = await allowance.take(keyId, estimateCallTokens(request));
        if (!taking.isAllowed) {
          const message = 'The key has used its minute.';
          const fault = makeFault('provider_rate_limited', message, taking.waitMs);
          return yield { type: 'failed', fault };
        }
        let usedTokens = 0;
        for await (const part of ask(request, signal)) {
          usedTokens = tokensOf(part) ?? usedTokens;
          // Of an answer that nobody read to its end the estimate stands.
          if (part.type === 'finished' || part.type === 'failed') await taking.settle(usedTokens);
          yield part;
        }
      },
  );
}

function tokensOf(part: VendorPart): number | undefined {
  if (part.type !== 'usage') return undefined;
  const { usage } = part;
  return totalInputTokens(usage) + usage.outputTokens + usage.reasoningTokens;
}
