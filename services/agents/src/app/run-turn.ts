import { MosaicError } from '@mosaic/proto';
import { answerInSteps } from './answer-in-steps.ts';
import { estimateTokens } from './estimate-tokens.ts';
import type { TurnPorts } from './ports.ts';
import {
  appendEnding,
  mineOnly,
  type RunningTurn,
  type TurnMessage,
  type TurnSignals,
} from './running-turn.ts';
import { findAgent } from './system-agents.ts';
import { startTally } from './tally.ts';

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
