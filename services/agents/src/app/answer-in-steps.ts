import {
  type Agent,
  answeredReason,
  type ModelRef,
  MosaicError,
  type RouteDecision,
  type ToolSpec,
  type Turn,
  type TurnSettings,
} from '@mosaic/proto';
import { answerStep, type StepAnswer } from './answer-step.ts';
import { useTools } from './calls/use-tools.ts';
import { fitContext, type LoadedContext, shownTurns } from './context/turn-context.ts';
import { takeJoined, unseenIn } from './joining/take-joined.ts';
import { assertWithinBudget } from './limits/turn-limits.ts';
import { grantsOf } from './policy/judge-call.ts';
import type { CompletionParams, TurnPorts } from './ports.ts';
import { ending, mineOnly, type RunningTurn, signalOf } from './running-turn.ts';
import { fitTurns } from './size/fit-turns.ts';
import type { Tally } from './tally.ts';

export interface StepsStart {
  readonly decision: RouteDecision;
  readonly settings: TurnSettings;
  readonly context: LoadedContext;
}

/** What stays the same from step to step. */
interface Asking {
  readonly agent: Agent;
  readonly decision: RouteDecision;
  readonly params: CompletionParams;
  readonly tools: readonly ToolSpec[];
}

/** Lets model and tools take turns until the model has nothing more to call and nobody joined. */
export async function answerInSteps(
  turn: RunningTurn,
  agent: Agent,
  { context, decision, settings }: StepsStart,
): Promise<void> {
  const { limits, ports } = turn;
  const tools = ports.toolSpecs(grantsOf(agent));
  const asking = { agent, decision, tools, params: paramsOf(decision, settings) };
  const mark = ports.makeId();
  const fitting = { agent, tools, decision, mark, signal: signalOf(turn) };
  const fitted = await fitContext(turn, { ...fitting, context });
  let turns = shownTurns(fitted, mark);
  for (let step = 0; step < limits.steps; step += 1) {
    if (step > 0) assertWithinBudget(turn.tally, limits);
    const result = await askModel(turn, asking, { step, turns });
    if (result.calls.length > 0) {
      turns = [...turns, ...(await useTools(turn, { agent, step, result }))];
      await ports.log.refresh();
    } else if (await tryToComplete(turn, decision, { step, result })) {
      return;
    }
    const said = result.calls.length > 0 ? undefined : result;
    turns = [...turns, ...(await takeJoined(turn, { step: step + 1, said }))];
  }
  throw new MosaicError(
    'step_limit',
    `The agent used all its ${limits.steps} steps without finishing.`,
  );
}

function paramsOf({ params }: RouteDecision, settings: TurnSettings): CompletionParams {
  const { effort, temperature } = settings;
  return {
    ...(params?.maxOutputTokens && { maxOutputTokens: params.maxOutputTokens }),
    ...(temperature && { temperature: temperature.value }),
    ...(effort && { effort: effort.value }),
  };
}

async function askModel(
  turn: RunningTurn,
  { agent, decision, params, tools }: Asking,
  { step, turns }: { readonly step: number; readonly turns: readonly Turn[] },
): Promise<StepAnswer> {
  const { limits, ports } = turn;
  turn.partial = { step, text: '' };
  const sentence = `The model took longer than ${limits.stepSeconds} seconds for one step.`;
  const timer = ports.timeLimit(limits.stepSeconds * 1_000, sentence);
  try {
    const signal = AbortSignal.any([signalOf(turn), timer.signal]);
    const result = await answerStep(
      { ...ports, show: (piece) => showPiece(turn, piece) },
      {
        agent: agent.name,
        candidates: candidatesFor(decision, turn.tally),
        system: agent.systemPrompt,
        turns: fitTurns(turns),
        tools,
        params,
        signal,
      },
      { run: turn.run, step, tally: turn.tally },
    );
    turn.tally = result.tally;
    throwIfFailed(result, timer.signal);
    return result;
  } finally {
    timer.clear();
  }
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

function throwIfFailed({ end }: StepAnswer, stepLimit: AbortSignal): void {
  if (end.type === 'error') {
    stepLimit.throwIfAborted();
    throw new MosaicError(end.failure.code, end.failure.message);
  }
  if (end.stop.unified === 'other') {
    const raw = end.stop.raw ?? 'nothing';
    throw new MosaicError('provider_failed', `The model stopped for an unknown reason (${raw}).`);
  }
}

/** Somebody's message joined the turn between the model's last word and its end in the log. */
class JoinedMeanwhile extends Error {}

/** False when the turn can't end yet, because a message joined that the model has not seen. */
async function tryToComplete(
  turn: RunningTurn,
  decision: RouteDecision,
  last: { readonly step: number; readonly result: StepAnswer },
): Promise<boolean> {
  const { end, text, thoughts } = last.result;
  if (end.type !== 'end') return true;
  const { provider, model } = turn.tally.answeredBy ?? decision;
  try {
    await turn.ports.log.append(
      {
        type: 'turn.completed',
        ...ending(turn, { step: last.step, text }),
        ...(thoughts.length > 0 && { thoughts: [...thoughts] }),
        provider,
        model,
        rule: decision.rule,
        reason: answeredReason(decision, { model, skipped: turn.tally.skipped }),
        stop: end.stop,
      },
      (state) => {
        mineOnly(turn)(state);
        if (unseenIn(state, turn).length > 0) throw new JoinedMeanwhile();
      },
    );
    return true;
  } catch (thrown) {
    if (thrown instanceof JoinedMeanwhile) return false;
    throw thrown;
  }
}
