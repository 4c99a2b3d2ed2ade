import { setTimeout as delay } from 'node:timers/promises';
import { callEnded, callStarted, type FactOf } from '@mosaic/proto';
import type { Bus, Logger, Settleable, Stoppable } from '@mosaic/service-kit';
import type { LedgerStore } from '../stores/ledger-store.ts';

// Longer than a connection and a statement may take together.
const consuming = { concurrency: 4, ackWaitMs: 30_000 } as const;
const firstRetryMs = 250;
const longestRetryMs = 30_000;

interface Moving {
  readonly bus: Bus;
  readonly log: Logger;
  readonly store: LedgerStore;
  readonly migrate: () => Promise<void>;
}

/** Moves records from the stream into the tables; what can't be written comes again. */
export function moveRecords({ bus, log, store, migrate }: Moving) {
  const stopping = new AbortController();
  const following: Stoppable[] = [];
  let isOpen = false;
  let opening = Promise.resolve();

  const open = async () => {
    await migrate();
    isOpen = true;
    following.push(
      await bus.consume(callStarted, (delivery) => settle(delivery, log, store.writeStart), {
        ...consuming,
        durable: 'ledger-started',
      }),
    );
    following.push(
      await bus.consume(callEnded, (delivery) => settle(delivery, log, store.writeEnd), {
        ...consuming,
        durable: 'ledger-ended',
      }),
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
      await Promise.all(following.map((one) => one.stop()));
    },
  };
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
