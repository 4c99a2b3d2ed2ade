import type { StatusFailure, WireAnswer, WireChunk } from '../wire/dialect.ts';
import type { Fault } from './fault.ts';

/** One write to the socket, after a pause. */
export interface PlaybackStep {
  readonly bytes: Buffer;
  readonly pauseMs: number;
}

/**
 * `end` ends the body, `destroy` closes the connection in the middle of it, `reset` does so with a
 * TCP reset, `silence` sends no more, `freeze` does not read any more either.
 */
export type PlaybackEnding = 'end' | 'destroy' | 'reset' | 'silence' | 'freeze';

export interface Playback {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: readonly PlaybackStep[];
  /** Index of the step before which it waits until it is let go on. */
  readonly heldAt: number | undefined;
  readonly ending: PlaybackEnding;
}

export interface PlaybackOptions {
  readonly faults: readonly Fault[];
  readonly paceMs: number;
  readonly holdAfter?: number | undefined;
  readonly writeStreamFailure: (failure: StatusFailure, sent: number) => readonly WireChunk[];
}

interface Plan {
  readonly chunks: readonly WireChunk[];
  readonly ending: PlaybackEnding;
}

/** A unary answer is one chunk; cut in two it can be broken off in the middle as well. */
function halve(chunks: readonly WireChunk[]): readonly WireChunk[] {
  const [only] = chunks;
  if (only === undefined || chunks.length > 1 || only.text.length < 2) return chunks;
  const middle = Math.floor(only.text.length / 2);
  return [
    { ...only, text: only.text.slice(0, middle) },
    { ...only, text: only.text.slice(middle) },
  ];
}

/** Index of the first chunk behind `count` content chunks; never beyond the last of them. */
function indexAfter(chunks: readonly WireChunk[], count: number): number {
  if (count < 0) return 0;
  let seen = 0;
  let end = 0;
  for (const [index, { part }] of chunks.entries()) {
    if (part === 'finish') break;
    if (part === 'content') seen += 1;
    if (seen > count) break;
    if (part === 'content' || part === 'opening') end = index + 1;
  }
  return end;
}

function broken({ text }: WireChunk): WireChunk {
  const lineEnd = text.endsWith('\n\n') ? '\n\n' : '\n';
  return { part: 'content', text: text.slice(0, Math.ceil(text.length / 2)).trimEnd() + lineEnd };
}

function breakOff(plan: Plan, after: number, ending: PlaybackEnding): Plan {
  const chunks = halve(plan.chunks);
  // A unary answer has two halves: it always breaks off in the middle.
  const count = plan.chunks.length === 1 ? Math.min(after, 1) : after;
  return { chunks: chunks.slice(0, indexAfter(chunks, count)), ending };
}

function applyFault(plan: Plan, fault: Fault, options: PlaybackOptions): Plan {
  const { chunks } = plan;
  switch (fault.kind) {
    case 'error-in-stream': {
      const head = chunks.slice(0, indexAfter(chunks, fault.afterChunks));
      const { status = 529, code, message } = fault;
      const failure: StatusFailure = {
        kind: 'status',
        status,
        ...(code === undefined ? {} : { code }),
        ...(message === undefined ? {} : { message }),
      };
      return {
        chunks: [...head, ...options.writeStreamFailure(failure, head.length)],
        ending: 'end',
      };
    }
    case 'cut':
      return breakOff(plan, fault.afterChunks, fault.reset ? 'reset' : 'destroy');
    case 'silence':
      return breakOff(plan, fault.afterChunks, 'silence');
    case 'half-open':
      return breakOff(plan, fault.afterChunks, 'freeze');
    case 'never-answers':
      return { chunks: [], ending: 'silence' };
    case 'polite-end':
      return breakOff(plan, fault.afterChunks, 'end');
    case 'garbage': {
      const at = indexAfter(chunks, fault.afterChunks);
      const sample = chunks.find(({ part }) => part === 'content');
      const bad = sample === undefined ? [] : [broken(sample)];
      if (chunks.length === 1) return { ...plan, chunks: bad };
      return { ...plan, chunks: [...chunks.slice(0, at), ...bad, ...chunks.slice(at)] };
    }
    case 'comments':
      return { ...plan, chunks: chunks.flatMap((chunk) => [comment(chunk), chunk]) };
    default:
      return plan;
  }
}

function comment({ part }: WireChunk): WireChunk {
  return { part: part === 'content' ? 'frame' : part, text: ': keep-alive\n\n' };
}

function cutBytes(steps: readonly PlaybackStep[], size: number): readonly PlaybackStep[] {
  const whole = Buffer.concat(steps.map(({ bytes }) => bytes));
  const pieces = Math.ceil(whole.length / size);
  return Array.from({ length: pieces }, (_, index) => ({
    bytes: whole.subarray(index * size, (index + 1) * size),
    pauseMs: 0,
  }));
}

/** Works a vendor's answer and the wanted faults into a plan of writes. Pure. */
export function planPlayback(answer: WireAnswer, options: PlaybackOptions): Playback {
  const isEventStream = answer.headers['content-type']?.startsWith('text/event-stream') === true;
  const faults = options.faults.filter(
    ({ kind }) => isEventStream || (kind !== 'comments' && kind !== 'crlf'),
  );
  const plan = faults.reduce<Plan>((current, fault) => applyFault(current, fault, options), {
    chunks: answer.chunks,
    ending: 'end',
  });
  const has = (kind: Fault['kind']) => faults.some((fault) => fault.kind === kind);
  const slow = faults.find((fault) => fault.kind === 'slow');
  const paceMs = slow?.paceMs ?? options.paceMs;
  const steps = plan.chunks.map(({ part, text }) => ({
    bytes: Buffer.from(has('crlf') ? text.replaceAll('\n', '\r\n') : text),
    pauseMs: part === 'content' ? paceMs : 0,
  }));
  const split = faults.find((fault) => fault.kind === 'split-utf8');
  return {
    status: answer.status,
    headers: answer.headers,
    heldAt:
      options.holdAfter === undefined ? undefined : indexAfter(plan.chunks, options.holdAfter),
    steps: split === undefined ? steps : cutBytes(steps, split.bytes),
    ending: plan.ending,
  };
}
