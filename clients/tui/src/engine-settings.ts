import { setFlagsFromString } from 'node:v8';

/**
 * How the engine is set while there is nothing to do but wait at the prompt. The young generation stays
 * small: a chat makes little garbage, and 12 MB less is resident. The optimizing compiler waits for a
 * conversation: a start has nothing to win by it, and its code alone is 6 MB.
 */
export function beFrugal(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-opt');
}

/** For a conversation: 5,000 lines are worth optimized code. */
export function beFast(): void {
  setFlagsFromString('--opt');
}
