import {
  type Agent,
  type ModelRef,
  MosaicError,
  type RouteDecision,
  type Turn,
} from '@mosaic/proto';
import { answerStep, type StepAnswer } from './answer-step.ts';
import { useTools } from './calls/use-tools.ts';
import { grantsOf } from './policy/judge-call.ts';
import type { TurnPorts } from './ports.ts';
import { ending, mineOnly, type RunningTurn } from './running-turn.ts';
import { fitTurns } from './size/fit-turns.ts';
import { answeredReason, type Tally } from './tally.ts';

/** Model calls in one turn before the agent is stopped. */
const maxSteps = 12;

/** Lets model and tools take turns until the model has nothing more to call. */
export async function answerInSteps(
  turn: RunningTurn,
  agent: Agent,
  start: { readonly decision: RouteDecision; readonly turns: Turn[] },
): Promise<void> {
  const { ports, signals } = turn;
  const { decision } = start;
  let { turns } = start;
  for (let step = 0; step < maxSteps; step += 1) {
    turn.partial = { step, text: '' };
    const result = await answerStep(
      { ...ports, show: (piece) => showPiece(turn, piece) },
      {
        agent: agent.name,
        candidates: candidatesFor(decision, turn.tally),
        system: agent.systemPrompt,
        turns: fitTurns(turns),
        tools: ports.toolSpecs(grantsOf(agent)),
        params: decision.params,
        signal: AbortSignal.any([signals.cancel, signals.abandon]),
      },
      { run: turn.run, step, tally: turn.tally },
    );
    turn.tally = result.tally;
    throwIfFailed(result);
    if (result.calls.length === 0) return await complete(turn, decision, { step, result });
    turns = [...turns, ...(await useTools(turn, { agent, step, result }))];
  }
  throw new MosaicError(
    'step_limit',
    `The agent used all its ${maxSteps} steps without finishing.`,
  );
}

/** After the first step the conversation stays with who answered, to keep the vendor's cache. */
function candidatesFor(decision: RouteDecision, tally: Tally): ModelRef[] {
  const choice = { provider: decision.provider, model: decision.model };
  const all = [choice, ...decision.alternatives];
  const by = tally.answeredBy;
  if (by === undefined) return all.slice(0, 10);
  const index = all.findIndex((one) => one.provider === by.provider);
  return index === -1 ? all.slice(0, 10) : all.slice(index).slice(0, 10);
}

function showPiece(turn: RunningTurn, piece: Parameters<TurnPorts['show']>[0]): void {
  if (piece.kind === 'text') turn.partial.text += piece.text;
  turn.ports.show(piece);
}

function throwIfFailed(result: StepAnswer): void {
  const { end } = result;
  if (end.type === 'error') throw new MosaicError(end.failure.code, end.failure.message);
  if (end.stop.unified === 'other') {
    const raw = end.stop.raw ?? 'nothing';
    throw new MosaicError('provider_failed', `The model stopped for an unknown reason (${raw}).`);
  }
}

async function complete(
  turn: RunningTurn,
  decision: RouteDecision,
  last: { readonly step: number; readonly result: StepAnswer },
): Promise<void> {
  const { end, text, thoughts } = last.result;
  if (end.type !== 'end') return;
  const { provider, model } = turn.tally.answeredBy ?? decision;
  await turn.ports.log.append(
    {
      type: 'turn.completed',
      ...ending(turn, { step: last.step, text }),
      ...(thoughts.length > 0 && { thoughts: [...thoughts] }),
      provider,
      model,
      rule: decision.rule,
      reason: answeredReason(decision, turn.tally),
      stop: end.stop,
    },
    mineOnly(turn),
  );
}
