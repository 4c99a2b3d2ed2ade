import {
  type Agent,
  formatModelRef,
  type InboxMessage,
  type ModelRef,
  MosaicError,
  type RouteDecision,
  type ToolResult,
  type Turn,
  toFailure,
} from '@mosaic/proto';
import { answerStep, type StepAnswer } from './answer-step.ts';
import type { ConversationState } from './conversation-state.ts';
import { estimateTokens } from './estimate-tokens.ts';
import type { TurnPorts } from './ports.ts';
import { findAgent } from './system-agents.ts';
import { answeredReason, startTally, type Tally } from './tally.ts';

/** Model calls in one turn before the agent is stopped. */
export const maxSteps = 12;

/** Longest tool output that goes into the log and to the model, in characters. */
const maxToolOutputChars = 20_000;

export interface TurnSignals {
  /** A person asked to stop: the partial answer is kept and the turn ends as cancelled. */
  readonly cancel: AbortSignal;
  /** This worker must let go (lease lost, shutting down): nothing more may be written. */
  readonly abandon: AbortSignal;
}

export type TurnMessage = Pick<InboxMessage, 'messageId' | 'text' | 'model' | 'agent'> & {
  readonly via?: string | undefined;
};

interface RunningTurn {
  readonly ports: TurnPorts;
  readonly message: TurnMessage;
  readonly signals: TurnSignals;
  readonly run: string;
  tally: Tally;
  /** What was shown in the step that is being answered, for an ending in the middle of it. */
  partial: { step: number; text: string };
}

/**
 * Answers one message: adds it to the log, routes it, lets model and tools take turns, and appends
 * exactly one terminal event. Running it again after a worker died continues where the log stands: an
 * answered message does nothing, a half-answered one starts a new run. Throws `conflict` when another
 * worker has taken over, and whatever `abandon` aborts with; then nothing was ended here.
 */
export async function runTurn(
  ports: TurnPorts,
  message: TurnMessage,
  signals: TurnSignals,
): Promise<void> {
  const known = ports.log.state.turns.get(message.messageId);
  if (known?.status === 'ended') return;
  if (known === undefined) {
    const { messageId, text, model, agent, via } = message;
    await ports.log.append({
      type: 'message.added',
      messageId,
      text,
      ...(model === undefined ? {} : { model }),
      ...(agent === undefined ? {} : { agent }),
      ...(via === undefined ? {} : { via }),
    });
  }
  const run = ports.makeId();
  if (typeof known?.run === 'string') {
    await ports.log.append({
      type: 'turn.restarted',
      run,
      previousRun: known.run,
      messageId: message.messageId,
      why: 'The worker that was answering went away.',
    });
  }
  const turn: RunningTurn = {
    ports,
    message,
    signals,
    run,
    tally: startTally(ports.nowMs()),
    partial: { step: 0, text: '' },
  };
  await endOnce(turn, () => answer(turn));
}

/** Runs `work`; its failure becomes the one terminal event unless the turn is not ours any more. */
async function endOnce(turn: RunningTurn, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    turn.signals.abandon.throwIfAborted();
    if (thrown instanceof MosaicError && thrown.code === 'conflict') throw thrown;
    await appendEnding(turn, thrown);
  }
}

async function answer(turn: RunningTurn): Promise<void> {
  const { ports, message } = turn;
  const { state } = ports.log;
  const agent = findAgent(message.agent ?? state.agent);
  const turns = await ports.loadTurns(state);
  const decision = await ports.decide({
    text: message.text,
    messageModel: message.model,
    pinnedModel: state.pinnedModel,
    agent,
    previous: state.lastRoute,
    contextTokens: estimateTokens(turns) + Math.ceil(agent.systemPrompt.length / 4),
  });
  await ports.log.append(
    {
      type: 'turn.routed',
      run: turn.run,
      messageId: message.messageId,
      agent: agent.name,
      decision,
    },
    mineOnly(turn),
  );
  await answerInSteps(turn, agent, { decision, turns });
}

async function answerInSteps(
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
        candidates: candidatesFor(decision, turn.tally),
        system: agent.systemPrompt,
        turns,
        tools: ports.toolSpecs(agent.tools),
        signal: AbortSignal.any([signals.cancel, signals.abandon]),
      },
      { run: turn.run, step, tally: turn.tally },
    );
    turn.tally = result.tally;
    throwIfFailed(result);
    if (result.calls.length === 0) return await complete(turn, decision, { step, result });
    turns = [...turns, ...(await useTools(turn, { step, result }))];
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
  const { end, text } = last.result;
  if (end.type !== 'end') return;
  const { provider, model } = turn.tally.answeredBy ?? decision;
  await turn.ports.log.append(
    {
      type: 'turn.completed',
      ...ending(turn, { step: last.step, text }),
      provider,
      model,
      rule: decision.rule,
      reason: answeredReason(decision, turn.tally),
      stop: end.stop,
    },
    mineOnly(turn),
  );
}

/** Runs the calls of one step side by side; log order is call order, whatever finished first. */
async function useTools(
  turn: RunningTurn,
  asked: { readonly step: number; readonly result: StepAnswer },
): Promise<Turn[]> {
  const { ports, run } = turn;
  const { step, result } = asked;
  for (const [index, call] of result.calls.entries()) {
    const { id: callId, name } = call;
    const text = index === 0 ? result.text : '';
    await ports.log.append(
      { type: 'tool.called', run, step, callId, name, arguments: call.arguments, text },
      mineOnly(turn),
    );
  }
  turn.partial = { step: step + 1, text: '' };
  const signal = AbortSignal.any([turn.signals.cancel, turn.signals.abandon]);
  const timed = await Promise.all(
    result.calls.map(async (call) => {
      const startedMs = ports.nowMs();
      const done = shorten(await ports.runTool(call, signal));
      return { done, durationMs: ports.nowMs() - startedMs };
    }),
  );
  for (const { done, durationMs } of timed) {
    await ports.log.append(
      { type: 'tool.finished', run, step, ...done, durationMs },
      mineOnly(turn),
    );
  }
  signal.throwIfAborted();
  return [
    {
      role: 'assistant',
      content: [
        ...(result.text === '' ? [] : [{ type: 'text' as const, text: result.text }]),
        ...result.calls.map((call) => ({ type: 'tool-call' as const, ...call })),
      ],
      ...(turn.tally.answeredBy ? { by: turn.tally.answeredBy } : {}),
    },
    { role: 'tool', results: timed.map(({ done }) => done) },
  ];
}

function shorten(result: ToolResult): ToolResult {
  const cut = result.output.length - maxToolOutputChars;
  if (cut <= 0) return result;
  const kept = result.output.slice(0, maxToolOutputChars);
  return { ...result, output: `${kept}\n[${cut} more characters left out]` };
}

/** The fence inside the fence: a log that moved on for this message is not ours to end. */
function mineOnly(turn: RunningTurn): (state: ConversationState) => void {
  return (state) => {
    const known = state.turns.get(turn.message.messageId);
    const isMine =
      known !== undefined && known.status !== 'ended' && (known.run ?? turn.run) === turn.run;
    if (state.isDeleted || !isMine) {
      throw new MosaicError('conflict', 'Another worker answers this message, or it is gone.');
    }
  };
}

async function appendEnding(turn: RunningTurn, thrown: unknown): Promise<void> {
  const ended = ending(turn, turn.partial);
  if (turn.signals.cancel.aborted) {
    await turn.ports.log.append({ type: 'turn.cancelled', ...ended }, mineOnly(turn));
    return;
  }
  const failure = toFailure(thrown);
  const by = turn.tally.answeredBy;
  const message = by === undefined ? failure.message : `${formatModelRef(by)}: ${failure.message}`;
  await turn.ports.log.append(
    { type: 'turn.failed', ...ended, failure: { ...failure, message: message.slice(0, 2_000) } },
    mineOnly(turn),
  );
}

/** What every terminal event says. */
function ending(turn: RunningTurn, last: { readonly step: number; readonly text: string }) {
  const { tally, run, message, ports } = turn;
  return {
    run,
    messageId: message.messageId,
    text: last.text,
    step: last.step,
    usage: tally.usage,
    cost: tally.cost,
    timings: { firstTokenMs: tally.firstTokenMs, totalMs: ports.nowMs() - tally.startedMs },
    isSimulated: tally.isSimulated,
  };
}
