import { type InboxMessage, inbox, MosaicError, makeId } from '@mosaic/proto';
import type {
  Bus,
  Clock,
  Lease,
  Logger,
  PreferenceWatch,
  Settleable,
  Stoppable,
} from '@mosaic/service-kit';
import { joinRunningTurn } from '../app/joining/join-running-turn.ts';
import type { Lanes } from '../app/lanes.ts';
import type { PlatformSettings, TurnLog } from '../app/ports.ts';
import { runTurn } from '../app/run-turn.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { AgentBook } from './agents/agent-book.ts';
import { keepLease } from './keep-lease.ts';
import { startLivePublisher } from './live-publisher.ts';
import type { ConversationLogs } from './logs/conversation-logs.ts';
import type { RunningTurns } from './running-turns.ts';
import { makeTurnPorts } from './turn-ports.ts';

/** The server gives an unsettled message to another worker after this long without a heartbeat. */
const ackWaitMs = 6_000;
const heartbeatMs = 1_500;
/** Wait before asking again for a conversation that another worker holds. */
const busyRetryMs = 250;
/** Longest wait before a message whose turn was let go is taken up again. */
const maxRetryMs = 5_000;

export interface InboxWorkerParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly logs: ConversationLogs;
  readonly lanes: Lanes;
  readonly running: RunningTurns;
  readonly toolbox: Toolbox;
  readonly book: AgentBook;
  readonly preferences: Pick<PreferenceWatch, 'of'>;
  readonly platform: PlatformSettings;
  /** How long a tool call waits for a person. */
  readonly approvalTimeoutMs: number;
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

/** Lines up behind this worker's other messages of the conversation, so that the next starts at once. */
async function answerDelivery(
  parts: InboxWorkerParts,
  delivery: Settleable<InboxMessage>,
): Promise<void> {
  const { conversationId } = delivery.fact;
  const key = `${delivery.caller.userId}.${conversationId}`;
  if (delivery.fact.mode === 'steer' && (await joinInOrder(parts, delivery, key))) return;
  const place = parts.lanes.join(key, delivery.streamSeq);
  if (place === undefined) return delivery.retryLater(busyRetryMs);
  const heartbeat = setInterval(() => delivery.heartbeat(), heartbeatMs);
  try {
    if (await place.isMine) await answerInTurn(parts, delivery, key);
    else delivery.retryLater(0);
  } catch (thrown) {
    parts.log.warn({ err: thrown, conversationId }, 'turn let go; it will be taken up again');
    delivery.retryLater(delivery.signal.aborted ? 0 : retryMs(delivery.deliveryCount));
  } finally {
    clearInterval(heartbeat);
    place.leave();
  }
}

/** True when the message joined the turn that runs, or comes again soon to try so. */
async function joinInOrder(
  parts: InboxWorkerParts,
  delivery: Settleable<InboxMessage>,
  key: string,
): Promise<boolean> {
  const place = parts.lanes.join(`joining.${key}`, delivery.streamSeq);
  if (place === undefined) {
    delivery.retryLater(busyRetryMs);
    return true;
  }
  try {
    if (await place.isMine) return await joinOrWait(parts, delivery);
    delivery.retryLater(0);
    return true;
  } finally {
    place.leave();
  }
}

async function joinOrWait(
  parts: InboxWorkerParts,
  delivery: Settleable<InboxMessage>,
): Promise<boolean> {
  const { log, logs } = parts;
  const { caller, fact } = delivery;
  try {
    const turnLog = await logs.open(caller, fact.conversationId);
    if (turnLog.state.seq === 0 || turnLog.state.isDeleted) return false;
    const joining = (await isBehindAnother(parts, delivery, turnLog))
      ? 'not-yet'
      : await joinRunningTurn(turnLog, { ...fact, via: caller.via });
    if (joining === 'joined') delivery.ack();
    if (joining === 'not-yet') delivery.retryLater(busyRetryMs);
    return joining !== 'no-turn';
  } catch (thrown) {
    log.warn({ err: thrown, conversationId: fact.conversationId }, 'a message could not join yet');
    delivery.retryLater(retryMs(delivery.deliveryCount));
    return true;
  }
}

/** An older message that wants to join too may be with another replica, which opens the log just now. */
async function isBehindAnother(
  { bus }: InboxWorkerParts,
  { caller, fact: { conversationId }, streamSeq }: Settleable<InboxMessage>,
  turnLog: TurnLog,
): Promise<boolean> {
  const tokens = { userId: caller.userId, conversationId };
  let older = await bus.firstOf(inbox, tokens);
  while (older !== undefined && older.streamSeq < streamSeq) {
    const { messageId, mode } = older.fact;
    if (mode === 'steer' && !turnLog.state.turns.has(messageId)) return true;
    older = await bus.firstOf(inbox, tokens, older.streamSeq);
  }
  return false;
}

/** Grows with each delivery: a message that nobody can answer must not keep the workers busy. */
function retryMs(deliveryCount: number): number {
  return Math.min(busyRetryMs * 2 ** Math.min(deliveryCount - 1, 10), maxRetryMs);
}

async function answerInTurn(
  parts: InboxWorkerParts,
  delivery: Settleable<InboxMessage>,
  key: string,
): Promise<void> {
  const { caller, fact, streamSeq } = delivery;
  const { conversationId } = fact;
  const askOldest = () => parts.bus.firstOf(inbox, { userId: caller.userId, conversationId });
  const isBehind = (oldest: Awaited<ReturnType<typeof askOldest>>) =>
    oldest !== undefined && oldest.streamSeq < streamSeq;
  // Asked at once with the lease. What was read before it was ours may be old, for which the fence of
  // the log is there.
  const reading = Promise.all([askOldest(), parts.logs.open(caller, conversationId)]);
  reading.catch(() => undefined);
  const lease = await keepLease(parts.bus, 'LEASES', key);
  if (lease === undefined) return delivery.retryLater(busyRetryMs);
  try {
    const [oldest, turnLog] = await reading;
    // The message before may have been settled a moment ago, which the stream had not heard then.
    if (isBehind(oldest) && isBehind(await askOldest())) return delivery.retryLater(busyRetryMs);
    await runLeased(parts, delivery, { lease, turnLog });
  } finally {
    await lease.release();
  }
}

async function runLeased(
  parts: InboxWorkerParts,
  delivery: Settleable<InboxMessage>,
  { lease, turnLog }: { readonly lease: Lease; readonly turnLog: TurnLog },
): Promise<void> {
  const { caller, fact, trace, streamSeq } = delivery;
  const { conversationId } = fact;
  if (turnLog.state.seq === 0 || turnLog.state.isDeleted) {
    return delivery.discard('the conversation does not exist any more');
  }
  const run = makeId();
  const turn = parts.running.enter({ userId: caller.userId, conversationId, run, streamSeq });
  const live = startLivePublisher(parts.bus, caller, conversationId);
  const abandon = AbortSignal.any([lease.lost, delivery.signal]);
  const { approvalTimeoutMs, book, bus, clock, log, platform, preferences, toolbox } = parts;
  const own = { approvalTimeoutMs, book, platform, preferences, toolbox };
  const around = { bus, clock, log, caller, trace, live, ...own, conversationId, turnLog };
  try {
    await runTurn(
      makeTurnPorts(around),
      { ...fact, via: caller.via, run },
      { cancel: turn.cancel, abandon },
    );
    delivery.ack();
  } catch (thrown) {
    abandon.throwIfAborted();
    const isTaken = thrown instanceof MosaicError && thrown.code === 'conflict';
    if (!isTaken) throw thrown;
    if (turnLog.state.isDeleted) delivery.discard('the conversation was deleted');
    else delivery.retryLater(busyRetryMs);
  } finally {
    live.flush();
    turn.leave();
  }
}
