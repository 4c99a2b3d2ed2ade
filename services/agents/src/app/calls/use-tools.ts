import type { Agent, ToolCall, ToolResult, Turn } from '@mosaic/proto';
import type { StepAnswer } from '../answer-step.ts';
import { grantsOf, judgeCall } from '../policy/judge-call.ts';
import { mineOnly, type RunningTurn, signalOf } from '../running-turn.ts';
import { askPerson } from './ask-person.ts';
import { type FinishedCall, type JudgedCall, startCalls } from './run-calls.ts';

interface AskedCalls {
  readonly agent: Agent;
  readonly step: number;
  readonly result: StepAnswer;
}

/**
 * Makes the calls of one step as far as the agent's list and a person allow them. Calls, questions and
 * results are events; results stand in call order, whatever finished first.
 */
export async function useTools(turn: RunningTurn, asked: AskedCalls): Promise<Turn[]> {
  const { step, result } = asked;
  await writeCalls(turn, asked);
  const calls = await judgeAndAsk(turn, asked);
  turn.partial = { step: step + 1, text: '' };
  const ending = new AbortController();
  const signal = AbortSignal.any([signalOf(turn), ending.signal]);
  try {
    const results = await writeResults(turn, step, startCalls(turn, calls, signal));
    signal.throwIfAborted();
    return turnsOf(turn, result, results);
  } finally {
    ending.abort();
  }
}

async function writeCalls(turn: RunningTurn, { step, result }: AskedCalls): Promise<void> {
  const { run } = turn;
  const by = turn.tally.answeredBy;
  for (const [index, call] of result.calls.entries()) {
    const { id: callId, name } = call;
    const said = index === 0 ? firstOf(result) : { text: '' };
    const made = { run, step, callId, name, arguments: call.arguments, ...said };
    await turn.ports.log.append(
      { type: 'tool.called', ...made, ...(by && { by }) },
      mineOnly(turn),
    );
  }
}

/** All questions of a step are asked at once, so that a person sees everything that waits. */
async function judgeAndAsk(
  turn: RunningTurn,
  { agent, step, result }: AskedCalls,
): Promise<JudgedCall[]> {
  const grants = grantsOf(agent);
  const judged: JudgedCall[] = [];
  for (const call of result.calls) {
    const judgement = judgeCall(grants, call);
    const { standing } = turn.ports.log.state.approvals;
    if (judgement.policy !== 'ask') judged.push({ call, judgement });
    else if (standing.has(judgement.covers)) judged.push({ call, judgement: { policy: 'allow' } });
    else {
      await askPerson(turn, { call, step, covers: judgement.covers });
      judged.push({ call, judgement });
    }
  }
  return judged;
}

async function writeResults(
  turn: RunningTurn,
  step: number,
  calls: readonly Promise<FinishedCall>[],
): Promise<ToolResult[]> {
  const results: ToolResult[] = [];
  // One that rejects while another is awaited must not end the process.
  for (const call of calls) call.catch(() => undefined);
  for (const call of calls) {
    const { result, outcome, durationMs } = await call;
    results.push(result);
    const finished = { run: turn.run, step, ...result, durationMs, outcome };
    await turn.ports.log.append({ type: 'tool.finished', ...finished }, mineOnly(turn));
  }
  return results;
}

/** What the model thought and wrote before its calls stands with the first of them. */
function firstOf({ text, thoughts }: StepAnswer) {
  return { text, ...(thoughts.length > 0 && { thoughts: [...thoughts] }) };
}

/** The step as the next one sees it. */
function turnsOf(turn: RunningTurn, { calls, text, thoughts }: StepAnswer, results: ToolResult[]) {
  const by = turn.tally.answeredBy;
  const asked: Turn = {
    role: 'assistant',
    content: [
      ...thoughts.map((thought) => ({ type: 'reasoning' as const, ...thought })),
      ...(text === '' ? [] : [{ type: 'text' as const, text }]),
      ...calls.map((call: ToolCall) => ({ type: 'tool-call' as const, ...call })),
    ],
    ...(by && { by }),
  };
  const answered: Turn = { role: 'tool', results };
  return [asked, answered];
}
