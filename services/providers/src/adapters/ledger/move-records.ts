import { setTimeout as delay } from 'node:timers/promises';
import {
  callEnded,
  callStarted,
  type EndedCall,
  type FactOf,
  MosaicError,
  type StartedCall,
} from '@mosaic/proto';
import type { Bus, Logger, Settleable, Stoppable } from '@mosaic/service-kit';
import { writeTogether } from '../../app/account/write-together.ts';
import { watchYoungCalls } from '../../app/account/young-calls.ts';
import type { LedgerStore } from '../../stores/ledger-store.ts';
import { realTimers } from '../real-timers.ts';

// Longer than a connection and a statement may take together.
const ends = { durable: 'ledger-ended', concurrency: 64, ackWaitMs: 30_000 } as const;
/** Many wait for the end of their call at the same time; those of a dead worker shall come again soon. */
const starts = { durable: 'ledger-started', concurrency: 256, ackWaitMs: 15_000 } as const;
const firstRetryMs = 250;
const longestRetryMs = 30_000;

interface Moving {
  readonly bus: Bus;
  readonly log: Logger;
  readonly store: LedgerStore;
  readonly migrate: () => Promise<void>;
}

/**
 * Moves records from the stream into the tables; what can't be written comes again. Records of the same
 * moment are written together, and a start only when its call outlives its first seconds.
 */
export function moveRecords({ bus, log, store, migrate }: Moving) {
  const { moveEnd, moveStart, young } = openMoves(store);
  const stopping = new AbortController();
  const following: Stoppable[] = [];
  let isOpen = false;
  let opening = Promise.resolve();

  const open = async () => {
    await migrate();
    isOpen = true;
    following.push(
      await bus.consume(callStarted, (delivery) => settle(delivery, log, moveStart), starts),
      await bus.consume(callEnded, (delivery) => settle(delivery, log, moveEnd), ends),
    );
  };
  const openPatiently = async () => {
    const { signal } = stopping;
    for (let attempt = 0; following.length < 2 && !signal.aborted; attempt += 1) {
      try {
        await Promise.all(following.splice(0).map((one) => one.stop()));
        await open();
      } catch (err) {
        log.warn({ err }, 'the ledger can not be written now; its stream keeps the records');
        await delay(retryAfterMs(attempt), undefined, { signal }).catch(() => undefined);
      }
    }
  };
  return {
    get isOpen() {
      return isOpen;
    },
    start() {
      opening = openPatiently();
    },
    async stop() {
      stopping.abort();
      await opening;
      const stopped = following.map((one) => one.stop());
      young.stop();
      await Promise.all(stopped);
    },
  };
}

function openMoves({ writeEnds, writeStarts }: LedgerStore) {
  const timers = realTimers;
  const young = watchYoungCalls(timers);
  const addEnd = writeTogether<EndedCall>({ write: writeEnds, isAway, timers });
  const addStart = writeTogether<StartedCall>({ write: writeStarts, isAway, timers });
  return {
    young,
    async moveEnd(userId: string, call: EndedCall) {
      await addEnd(userId, call);
      young.ended(call.id);
    },
    async moveStart(userId: string, call: StartedCall) {
      if (await young.needsRow(call)) await addStart(userId, call);
    },
  };
}

function isAway(thrown: unknown): boolean {
  return thrown instanceof MosaicError && thrown.code === 'service_unavailable';
}

type CallRecord = FactOf<typeof callStarted>;

async function settle<Fact extends CallRecord>(
  delivery: Settleable<Fact>,
  log: Logger,
  write: (userId: string, call: Fact) => Promise<void>,
): Promise<void> {
  const { deliveryCount, fact, tokens } = delivery;
  try {
    // The subject says whose call it was, and only `providers` may write to it.
    await write(tokens['userId'] ?? '', fact);
    delivery.ack();
  } catch (err) {
    log.warn({ err, callId: fact.id, deliveryCount }, 'a model call waits for its row');
    delivery.retryLater(retryAfterMs(deliveryCount));
  }
}

function retryAfterMs(attempt: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(10, attempt));
}
