import { isDeepStrictEqual } from 'node:util';
import { startRedis } from '@mosaic/embedded-servers';
import {
  type CompletionPart,
  type OwnLimits,
  putUserLimits,
  readLimits,
  removeUserLimits,
} from '@mosaic/proto';
import type { SignedCaller } from '@mosaic/service-kit';
import { temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { type Question, startLedgerStack } from '../ledger/ledger-stack.ts';

export const opus = { provider: 'anthropic', model: 'claude-opus-4-6' } as const;
export const local = { provider: 'ollama', model: 'llama3.2' } as const;

/** The ledger's stack with a real Redis beside it, and an administrator who sets limits. */
export async function startLimitsStack() {
  const stack = await startLedgerStack();
  const directory = await temporaryDirectory();
  const redis = await startRedis({ dataDir: directory.path });
  const gateway = await stack.bus.connect('gateway', { timings: { requestMs: 60_000 } });
  const admin = stack.bus.person('root', 'admin');
  const REDIS_URL = redis.url;
  const limitsOf = (caller: SignedCaller) => gateway.call(readLimits, {}, { caller });
  return {
    ...stack,
    gateway,
    startProviders: (changes: Record<string, string> = {}) =>
      stack.startProviders({ REDIS_URL, ...changes }),
    limitsOf,
    /** Sets the limits of one person, and waits until every replica knows them. */
    async put(userId: string, limits: OwnLimits) {
      const wish = { userId, limits };
      const put = () => gateway.call(putUserLimits, wish, { caller: admin });
      const timing = { timeoutMs: 60_000, what: `limits of ${userId}` };
      const report = await waitFor(() => put().catch(() => undefined), timing);
      const read = () => limitsOf(stack.bus.person(userId));
      await waitFor(
        async () => {
          const all = await Promise.all(Array.from({ length: 20 }, read));
          return all.every((one) => isDeepStrictEqual(one.limits, report.limits));
          // Sooner than the replicas read all limits again without being told.
        },
        { ...timing, timeoutMs: 25_000 },
      );
      return report;
    },
    remove: (userId: string) => gateway.call(removeUserLimits, { userId }, { caller: admin }),
    /** Asks, and resolves with all parts. */
    async hear(question: Question): Promise<CompletionPart[]> {
      const parts: CompletionPart[] = [];
      await stack.ask({ ...question, onPart: (part) => parts.push(part) });
      return parts;
    },
    /** Today's figures as soon as no call is under way any more. */
    settled: (caller: SignedCaller) =>
      waitFor(
        async () => {
          const { today } = await limitsOf(caller);
          return today.reservedUsd === 0 ? today : undefined;
        },
        { timeoutMs: 60_000, what: 'every call to be settled' },
      ),
    async killRedis() {
      process.kill(redis.pid, 'SIGKILL');
      await redis.exited;
    },
    async stop() {
      await stack.stop();
      await redis.stop();
      await directory.remove();
    },
  };
}

/** The failure that ended an answer; undefined when it was answered. */
export function failureOf(last: CompletionPart) {
  return last.type === 'error' ? last.failure : undefined;
}
