import { billOf, type CompletionPart, streamCompletion, totalInputTokens } from '@mosaic/proto';
import type { RateLimiter } from '@mosaic/service-kit';
import type { CompletionRequest } from '../vendor/vendor-port.ts';
import { estimateCallTokens } from './estimate-call.ts';
import { minuteRefusal } from './refusals.ts';
import { type MinuteLimits, takeMinute } from './take-minute.ts';

export interface MinutePorts {
  readonly userId: string;
  readonly limits: MinuteLimits;
  readonly limiter: RateLimiter;
}

/**
 * Answers only when the caller's minute has room for the call, and tells the minute afterwards what it
 * used. A call that is refused was none: it leaves no record in the ledger.
 */
export async function* limitMinute(
  request: CompletionRequest,
  ask: () => AsyncIterable<CompletionPart>,
  ports: MinutePorts,
): AsyncGenerator<CompletionPart> {
  const { limiter, limits, userId } = ports;
  const isUnlimited = limits.requestsPerMinute === null && limits.tokensPerMinute === null;
  if (isUnlimited || !isAskedByPerson(request)) return yield* ask();
  const held = isUnderWay(request) ? onlyCounted(limits) : limits;
  // Long histories take a while to count: only for whom it matters.
  const tokens = limits.tokensPerMinute === null ? 0 : estimateCallTokens(request);
  const taking = await takeMinute(limiter, { subject: `user:${userId}`, tokens, limits: held });
  if (!taking.isAllowed) {
    return yield streamCompletion.failedPart(minuteRefusal(taking, limits), false);
  }
  for await (const part of ask()) {
    // Before the last part, so that whoever has seen it can ask again at once. Of a reader who went
    // away earlier nobody knows what was used: then the estimate stands.
    if (part.type === 'end' || part.type === 'error') await taking.settle(tokensOf(part));
    yield part;
  }
}

/** Titles and probes are Mosaic's own idea: they take nothing of what a person may ask. */
function isAskedByPerson({ purpose }: CompletionRequest): boolean {
  return purpose === 'turn' || purpose === 'door';
}

/**
 * True for a turn that goes on with the results of its tools. It was let in with its first step, and
 * stopping it half-way would waste what it has cost; its steps count, so the next message waits. A
 * program at a door runs its own steps and can wait between them.
 */
function isUnderWay({ purpose, turns }: CompletionRequest): boolean {
  return purpose === 'turn' && turns.at(-1)?.role === 'tool';
}

function onlyCounted(limits: MinuteLimits): MinuteLimits {
  const endless = (limit: number | null) => (limit === null ? null : Number.POSITIVE_INFINITY);
  return {
    requestsPerMinute: endless(limits.requestsPerMinute),
    tokensPerMinute: endless(limits.tokensPerMinute),
  };
}

function tokensOf(last: Extract<CompletionPart, { type: 'end' | 'error' }>): number {
  const { usage } = billOf(last);
  if (usage === null) return 0;
  return totalInputTokens(usage) + usage.outputTokens + usage.reasoningTokens;
}
