import { MosaicError } from '@mosaic/proto';
import { answerInSteps } from './answer-in-steps.ts';
import { openTurn } from './open-turn.ts';
import type { TurnPorts } from './ports.ts';
import { whatCameBefore } from './routing/what-came-before.ts';
import {
  appendEnding,
  mineOnly,
  type RunningTurn,
  type TurnMessage,
  type TurnSignals,
} from './running-turn.ts';
import { estimateTokens, frameTokens } from './size/estimate-tokens.ts';
import { findAgent } from './system-agents.ts';
import { startTally } from './tally.ts';

/**
 * Answers one message: adds it to the log, routes it, lets model and tools take turns, and appends
 * exactly one terminal event. Running it again after a worker died continues where the log stands: an
 * answered message does nothing, a half-answered one starts a new run, and one that broke off too
 * often fails. Throws `conflict` when another worker has taken over, and whatever `abandon` aborts
 * with; then nothing was ended here.
 */
export async function runTurn(
  ports: TurnPorts,
  message: TurnMessage,
  signals: TurnSignals,
): Promise<void> {
  const known = ports.log.state.turns.get(message.messageId);
  if (known?.status === 'ended') return;
  const turn: RunningTurn = {
    ports,
    message,
    signals,
    run: message.run,
    tally: startTally(ports.nowMs()),
    partial: { step: 0, text: '' },
  };
  const problem = await openTurn(turn, known);
  await endOnce(turn, async () => {
    if (problem !== undefined) throw problem;
    await answer(turn);
  });
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
  const { ports, message, signals } = turn;
  const { state } = ports.log;
  const signal = AbortSignal.any([signals.cancel, signals.abandon]);
  signal.throwIfAborted();
  const agent = findAgent(message.agent ?? state.agent);
  const turns = await ports.loadTurns(state, signal);
  signal.throwIfAborted();
  const decision = await ports.decide({
    text: message.text,
    messageModel: message.model,
    pinnedModel: state.pinnedModel,
    agent,
    ...(state.lastRoute === undefined ? {} : { previous: state.lastRoute }),
    ...whatCameBefore(state, turns, ports.nowMs()),
    ...(message.timeZone === undefined ? {} : { timeZone: message.timeZone }),
    contextTokens:
      estimateTokens(turns.slice(0, -1)) +
      frameTokens(agent.systemPrompt, ports.toolSpecs(agent.tools)),
    signal,
  });
  // A rule may have given the message to another agent: the turn is that one's.
  const acting = decision.agent === undefined ? agent : findAgent(decision.agent.name);
  await ports.log.append(
    {
      type: 'turn.routed',
      run: turn.run,
      messageId: message.messageId,
      agent: acting.name,
      decision,
    },
    mineOnly(turn),
  );
  await answerInSteps(turn, acting, { decision, turns });
}
