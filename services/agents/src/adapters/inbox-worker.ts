import { type InboxMessage, inbox, MosaicError } from '@mosaic/proto';
import type { Bus, Clock, Lease, Logger, Settleable, Stoppable } from '@mosaic/service-kit';
import { runTurn } from '../app/run-turn.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { ConversationLogs } from './conversation-logs.ts';
import { startLivePublisher } from './live-publisher.ts';
import type { RunningTurns } from './running-turns.ts';
import { makeTurnPorts } from './turn-ports.ts';

/** The server gives an unsettled message to another worker after this long without a heartbeat. */
const ackWaitMs = 10_000;
const heartbeatMs = 3_000;
/** Wait before asking again for a conversation that another turn holds. */
const busyRetryMs = 250;

export interface InboxWorkerParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly logs: ConversationLogs;
  readonly running: RunningTurns;
  readonly toolbox: Toolbox;
  readonly concurrency: number;
}

/** Works through accepted messages: one turn at a time per conversation, in the order of arrival. */
export function startInboxWorker(parts: InboxWorkerParts): Promise<Stoppable> {
  return parts.bus.consume(inbox, (delivery) => answerDelivery(parts, delivery), {
    durable: 'agents',
    concurrency: parts.concurrency,
    ackWaitMs,
    from: 'start',
  });
}

async function answerDelivery(
  parts: InboxWorkerParts,
  delivery: Settleable<InboxMessage>,
): Promise<void> {
  const { userId } = delivery.caller;
  const { conversationId } = delivery.fact;
  const lease = await parts.bus.tryLease('LEASES', `${userId}.${conversationId}`);
  if (lease === undefined) return delivery.retryLater(busyRetryMs);
  const heartbeat = setInterval(() => delivery.heartbeat(), heartbeatMs);
  try {
    const oldest = await parts.bus.firstOf(inbox, { userId, conversationId });
    if (oldest !== undefined && oldest.streamSeq < delivery.streamSeq) {
      return delivery.retryLater(busyRetryMs);
    }
    await runLeased(parts, delivery, lease);
  } catch (thrown) {
    parts.log.warn({ err: thrown, conversationId }, 'turn let go; it will be taken up again');
    delivery.retryLater(busyRetryMs);
  } finally {
    clearInterval(heartbeat);
    await lease.release();
  }
}

async function runLeased(
  parts: InboxWorkerParts,
  delivery: Settleable<InboxMessage>,
  lease: Lease,
): Promise<void> {
  const { caller, fact, trace } = delivery;
  const { conversationId } = fact;
  const turnLog = await parts.logs.open(caller, conversationId);
  if (turnLog.state.seq === 0 || turnLog.state.isDeleted) {
    return delivery.discard('the conversation does not exist any more');
  }
  const turn = parts.running.enter(caller.userId, conversationId);
  const live = startLivePublisher(parts.bus, caller, conversationId);
  const abandon = AbortSignal.any([lease.lost, delivery.signal]);
  const { bus, clock, log, toolbox } = parts;
  const around = { bus, clock, log, toolbox, caller, trace, conversationId, turnLog, live };
  try {
    await runTurn(
      makeTurnPorts(around),
      { ...fact, via: caller.via },
      { cancel: turn.cancel, abandon },
    );
    delivery.ack();
  } catch (thrown) {
    abandon.throwIfAborted();
    const isGone = turnLog.state.isDeleted;
    const isTaken = thrown instanceof MosaicError && thrown.code === 'conflict';
    if (!isTaken) throw thrown;
    if (isGone) delivery.discard('the conversation was deleted');
    else delivery.retryLater(busyRetryMs);
  } finally {
    live.flush();
    turn.leave();
  }
}
