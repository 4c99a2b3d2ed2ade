import type {
  CompletionPart,
  EndedCall,
  ModelRef,
  SkippedCandidate,
  StartedCall,
  UnseenRequest,
} from '@mosaic/proto';
import type { CompletionRequest, Timers } from '../vendor/vendor-port.ts';

/** Where the record of a call goes. Neither function rejects: no answer fails for its bill. */
export interface Account {
  started(call: StartedCall): Promise<void>;
  ended(call: EndedCall): Promise<void>;
}

export interface AccountPorts {
  readonly account: Account;
  readonly timers: Pick<Timers, 'now' | 'after'>;
  makeId(): string;
  isSimulated(provider: ModelRef['provider']): boolean;
}

/** Hears of the requests of a call as they are made, whatever its reader hears of them. */
export interface RequestWatch {
  asked(): void;
  /** One has failed unseen and has to be paid for. */
  unseen(request: UnseenRequest): void;
}

/** Longest time that the last part of an answer waits for its record to be kept. */
const patienceMs = 1_000;

/**
 * Passes the parts of a call on and keeps its account: a record when it starts, one when it ends.
 * Whoever has seen the last part can rely on the record, unless keeping it takes too long.
 * `ask` is given whom to tell of its requests, and what the record begins with.
 */
export async function* keepAccount(
  request: CompletionRequest,
  ask: (watch: RequestWatch, started: StartedCall) => AsyncIterable<CompletionPart>,
  ports: AccountPorts,
): AsyncGenerator<CompletionPart> {
  const { account, timers } = ports;
  const started = startOf(request, ports);
  const startedAtMs = timers.now();
  const kept = [account.started(started)];
  let call = started;
  let attempts = 0;
  let skipped: SkippedCandidate[] = [];
  const unseen: UnseenRequest[] = [];
  let hasEnded = false;
  const end = (how: HowItEnded) => {
    hasEnded = true;
    const paid = unseen.length > 0 ? { unseen } : {};
    const record = account.ended({ ...call, attempts, skipped, ...paid, ...how });
    kept.push(record);
    return record;
  };
  const watch: RequestWatch = {
    asked() {
      attempts += 1;
    },
    unseen: (request) => void unseen.push(request),
  };
  try {
    for await (const part of ask(watch, started)) {
      if (part.type === 'start') call = answeredBy(call, part);
      if (part.type === 'error') call = triedLast(call, part, ports);
      if (part.type === 'start' || part.type === 'error') ({ skipped } = part);
      if (part.type === 'end' || part.type === 'error') {
        await atMost(patienceMs, end(howItEnded(part)), timers);
      }
      yield part;
    }
  } finally {
    if (!hasEnded) {
      attempts = Math.max(1, attempts);
      void end(abandoned(timers.now() - startedAtMs));
    }
    // A draining service waits for its streams, and so for this.
    await Promise.all(kept);
  }
}

type Part<Type extends CompletionPart['type']> = Extract<CompletionPart, { type: Type }>;
type HowItEnded = Omit<EndedCall, keyof StartedCall | 'attempts' | 'skipped' | 'unseen'>;

function startOf(request: CompletionRequest, ports: AccountPorts): StartedCall {
  const [choice] = request.candidates;
  if (choice === undefined) throw new TypeError('a request without candidates');
  return {
    id: ports.makeId(),
    startedAt: new Date(ports.timers.now()).toISOString(),
    conversationId: request.conversationId ?? null,
    agent: request.agent ?? null,
    purpose: request.purpose,
    ...refOf(choice),
    isSimulated: ports.isSimulated(choice.provider),
  };
}

function answeredBy(call: StartedCall, part: Part<'start'>): StartedCall {
  return { ...call, ...refOf(part), isSimulated: part.isSimulated };
}

/** Before anything was shown nobody has answered: the call stands with the one that was tried last. */
function triedLast(call: StartedCall, part: Part<'error'>, ports: AccountPorts): StartedCall {
  const last = part.skipped.at(-1);
  if (part.phase === 'after-first-part' || last === undefined) return call;
  return { ...call, ...refOf(last), isSimulated: ports.isSimulated(last.provider) };
}

/** As a record takes it: a vendor may call its model by a longer name. */
function refOf({ provider, model }: ModelRef): ModelRef {
  return { provider, model: model.slice(0, 200) || 'unknown' };
}

function howItEnded(part: Part<'end' | 'error'>): HowItEnded {
  const { usage, cost, timings } = part;
  const billed = { usage, cost, timings };
  if (part.type === 'end') {
    const stop = part.stop.unified;
    return { ...billed, outcome: 'answered', stop, errorCode: null };
  }
  const { code } = part.failure;
  const outcome = code === 'cancelled' ? 'cancelled' : 'failed';
  return { ...billed, outcome, stop: null, errorCode: code };
}

function abandoned(totalMs: number): HowItEnded {
  return {
    outcome: 'abandoned',
    stop: null,
    errorCode: null,
    usage: null,
    cost: { usd: null, source: 'unknown' },
    timings: { firstTokenMs: null, totalMs },
  };
}

function atMost(
  limitMs: number,
  work: Promise<void>,
  timers: Pick<Timers, 'after'>,
): Promise<void> {
  return new Promise((resolve) => {
    const callOff = timers.after(limitMs, resolve);
    void work.finally(() => {
      callOff();
      resolve();
    });
  });
}
