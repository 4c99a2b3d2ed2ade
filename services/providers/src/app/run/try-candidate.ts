import type { CompletionPart, ModelRef } from '@mosaic/proto';
import { chooseNextStep, longestWaitMs, needsBudget, whatElse } from '../choose-next-step.ts';
import { concernsKey } from '../keys/key-rests.ts';
import { makeFault, notAskedFault } from '../vendor/vendor-fault.ts';
import type { CompletionRequest, VendorCard, VendorFault } from '../vendor/vendor-port.ts';
import { pause, type Resolved, type Run, type Usable } from './run-ports.ts';
import { showAnswer } from './show-answer.ts';

export interface Trying {
  readonly candidate: ModelRef;
  readonly run: Run;
}

/** Callers that wait for the same key come back spread over this time. */
const spreadMs = 250;
const noKeys: ReadonlySet<string> = new Set();

/**
 * Asks one candidate: with the other keys of its vendor when the fault is the key's, and once more
 * when the fault may pass. Null when the stream has ended; else why nothing was shown.
 */
export async function* tryCandidate(
  request: CompletionRequest,
  trying: Trying,
): AsyncGenerator<CompletionPart, VendorFault | null> {
  const { candidate, run } = trying;
  const { timers } = run.ports;
  const failedKeys = new Set<string>();
  let resolved = await admitted(trying);
  for (let wasRetry = false; ; ) {
    if ('obstacle' in resolved) return resolved.obstacle;
    const beganAtMs = timers.now();
    const fault: VendorFault | null = yield* showAnswer(request, { candidate, resolved, run });
    if (fault === null) return null;
    note(trying, { fault, card: resolved.card });
    if (concernsKey(fault) && !fault.isOfModel) {
      failedKeys.add(resolved.keyId);
      const other = otherKey(trying, { fault, failedKeys });
      if (other) {
        resolved = other;
        continue;
      }
    }
    const tookMs = timers.now() - beganAtMs;
    const { retries } = run;
    const next = chooseNextStep({ fault, tookMs, wasRetry, retries, random: timers.random() });
    if (next.step !== 'retry' || !mayAskAgain(trying, fault)) return fault;
    wasRetry = true;
    failedKeys.clear();
    if (!(await pause(next.afterMs, run))) return fault;
    resolved = await whenReady(trying);
    if ('obstacle' in resolved) return fault;
  }
}

function note(
  { candidate, run }: Trying,
  { fault, card }: { readonly fault: VendorFault; readonly card: VendorCard },
): void {
  run.lastFaults.set(candidate.provider, fault);
  if (whatElse(fault).step !== 'larger-context') return;
  run.smallestContext = Math.max(run.smallestContext, (card.contextTokens ?? 0) + 1);
}

/** The first look at a candidate: everything that keeps it from being asked is an obstacle. */
async function admitted(trying: Trying): Promise<Resolved> {
  const { candidate, run } = trying;
  const resolved = await whenReady(trying);
  if ('obstacle' in resolved) return resolved;
  const obstacle = findObstacle(trying, resolved);
  if (obstacle === null) {
    if (!run.lastFaults.has(candidate.provider)) run.ports.budget.countCall(candidate.provider);
    return resolved;
  }
  giveBack(resolved);
  return { obstacle };
}

function findObstacle(trying: Trying, { card }: Usable): VendorFault | null {
  const { candidate, run } = trying;
  if ((card.contextTokens ?? 0) < run.smallestContext) {
    return makeFault('context_too_long', 'It reads no more than the one that was too small.');
  }
  const before = run.lastFaults.get(candidate.provider);
  if (before === undefined || mayAskAgain(trying, before, true)) return null;
  return { ...before, message: `Not asked as well, too many calls fail now: ${before.message}` };
}

/** Resolves the candidate, and once more when its keys rest no longer than is worth waiting. */
async function whenReady({ candidate, run }: Trying): Promise<Resolved> {
  const { resolve, timers } = run.ports;
  const resolved = resolve(candidate, noKeys);
  const waitMs = 'obstacle' in resolved ? resolved.obstacle.retryAfterMs : null;
  if (waitMs === null || waitMs > longestWaitMs) return resolved;
  const isOver = await pause(waitMs + timers.random() * spreadMs, run);
  return isOver ? resolve(candidate, noKeys) : resolved;
}

interface FailedKey {
  readonly fault: VendorFault;
  readonly failedKeys: ReadonlySet<string>;
}

/** The same candidate by another key, at once; undefined when there is none. */
function otherKey(trying: Trying, { fault, failedKeys }: FailedKey): Usable | undefined {
  const resolved = trying.run.ports.resolve(trying.candidate, failedKeys);
  if ('obstacle' in resolved) return undefined;
  if (mayAskAgain(trying, fault)) return resolved;
  giveBack(resolved);
  return undefined;
}

/** True when the vendor may get a further request for this call; counts it as a retry. */
function mayAskAgain(
  { candidate, run }: Trying,
  fault: VendorFault,
  isOtherModel = false,
): boolean {
  if (!needsBudget(fault, isOtherModel)) return true;
  if (!run.ports.budget.takeRetry(candidate.provider)) return false;
  run.retries += 1;
  return true;
}

function giveBack({ permit }: Usable): void {
  permit.ended(notAskedFault);
}
