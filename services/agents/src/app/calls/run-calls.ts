import type { ToolCall, ToolOutcome, ToolResult } from '@mosaic/proto';
import type { Judgement } from '../policy/judge-call.ts';
import type { RunningTurn } from '../running-turn.ts';
import { type PersonAnswer, waitForPerson } from './ask-person.ts';

export interface JudgedCall {
  readonly call: ToolCall;
  readonly judgement: Judgement;
}

/** How one call went; `durationMs` counts the work, not the waiting for a person. */
export interface FinishedCall {
  readonly result: ToolResult;
  readonly outcome: ToolOutcome;
  readonly durationMs: number;
}

/**
 * Starts all calls of a step. They run side by side, but a tool that `runsAlone` waits for the calls
 * before it and is waited for by those behind it. The promises are in call order and reject only when
 * the turn is not ours any more.
 */
export function startCalls(
  turn: RunningTurn,
  calls: readonly JudgedCall[],
  signal: AbortSignal,
): Promise<FinishedCall>[] {
  let lastAlone: Promise<unknown> = Promise.resolve();
  const started: Promise<FinishedCall>[] = [];
  for (const judged of calls) {
    const runsAlone = turn.ports.runsAlone(judged.call.name);
    const before = runsAlone ? Promise.allSettled(started) : lastAlone;
    const running = makeCall(turn, judged, { before, signal });
    if (runsAlone) lastAlone = running.catch(() => undefined);
    started.push(running);
  }
  return started;
}

interface CallPlace {
  readonly before: Promise<unknown>;
  readonly signal: AbortSignal;
}

async function makeCall(
  turn: RunningTurn,
  { call, judgement }: JudgedCall,
  { before, signal }: CallPlace,
): Promise<FinishedCall> {
  if (judgement.policy === 'deny') return unmade(call, 'refused', judgement.why);
  if (judgement.policy === 'ask') {
    const said = await waitForPerson(turn, call.id, signal);
    if (said !== 'allowed') return unmade(call, said, sentences[said]);
  }
  await before;
  if (signal.aborted) return unmade(call, 'stopped', sentences.stopped);
  const startedMs = turn.ports.nowMs();
  const { output, outcome } = await turn.ports.runTool(call, signal);
  const durationMs = Math.max(0, turn.ports.nowMs() - startedMs);
  return { result: resultOf(call, output, outcome), outcome, durationMs };
}

const sentences: Readonly<Record<Exclude<PersonAnswer, 'allowed'>, string>> = {
  denied: 'The person did not allow this call. Do not try it again; go on without it.',
  expired: 'Nobody allowed this call in time, so it was not made. Go on without it.',
  stopped: 'The call was not made: the turn was stopped.',
};

function unmade(call: ToolCall, outcome: ToolOutcome, output: string): FinishedCall {
  return { result: resultOf(call, output, outcome), outcome, durationMs: 0 };
}

function resultOf(call: ToolCall, output: string, outcome: ToolOutcome): ToolResult {
  return { callId: call.id, name: call.name, output, isError: outcome !== 'ran' };
}
