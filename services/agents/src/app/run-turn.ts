import { type Agent, MosaicError, type RouteDecision } from '@mosaic/proto';
import { answerInSteps } from './answer-in-steps.ts';
import { type History, ownHistory } from './context/own-history.ts';
import { nothingRemembered, type Remembered } from './context/stored-block.ts';
import { contextTokens, shownTurns } from './context/turn-context.ts';
import { limitsInForce } from './limits/turn-limits.ts';
import { openTurn } from './open-turn.ts';
import { grantsOf } from './policy/judge-call.ts';
import type { RouteQuestion, TurnPerson, TurnPorts } from './ports.ts';
import { whatCameBefore } from './routing/what-came-before.ts';
import {
  appendEnding,
  mineOnly,
  type RunningTurn,
  signalOf,
  type TurnMessage,
  type TurnSignals,
} from './running-turn.ts';
import { resolveSettings } from './settings/resolve-settings.ts';
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
    afterSeq: ports.log.state.seq,
    seen: new Set(),
    limits: ports.platform.limits,
    timeLimit: undefined,
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
    const timeIsUp = turn.timeLimit?.signal;
    await appendEnding(turn, timeIsUp?.aborted ? timeIsUp.reason : thrown);
  }
}

async function answer(turn: RunningTurn): Promise<void> {
  const { ports, message } = turn;
  signalOf(turn).throwIfAborted();
  const name = message.agent ?? ports.log.state.agent;
  const person = await ports.findPerson(name, signalOf(turn));
  turn.limits = limitsInForce(ports.platform.limits, person.agent.limits);
  const { turnSeconds } = turn.limits;
  const sentence = `The turn took longer than ${turnSeconds} seconds.`;
  const timer = ports.timeLimit(turnSeconds * 1_000, sentence);
  turn.timeLimit = timer;
  try {
    await routeAndAnswer(turn, person);
  } finally {
    timer.clear();
  }
}

async function routeAndAnswer(turn: RunningTurn, person: TurnPerson): Promise<void> {
  const { ports, message } = turn;
  const { state } = ports.log;
  const { agent, preferences } = person;
  const signal = signalOf(turn);
  const history = ownHistory(await ports.log.events(), state);
  // Memory searches while the router decides: neither needs what the other says.
  const remembering = mayRemember(agent) ? remember(turn) : undefined;
  const decision = await decide(turn, person, history);
  // A rule may have given the message to another agent: the turn is that one's.
  const acting =
    decision.agent === undefined
      ? agent
      : (await ports.findPerson(decision.agent.name, signal)).agent;
  turn.limits = limitsInForce(ports.platform.limits, acting.limits);
  const settings = resolveSettings(
    {
      platform: {
        temperature: preferences.platform.temperature ?? ports.platform.temperature,
        effort: preferences.platform.effort ?? ports.platform.effort,
      },
      fixed: preferences.fixed,
      agent: acting,
      user: preferences.user,
      conversation: { ...state.tuned, model: state.pinnedModel },
      message,
    },
    decision,
  );
  await ports.log.append(
    {
      type: 'turn.routed',
      run: turn.run,
      messageId: message.messageId,
      agent: acting.name,
      decision,
      settings,
    },
    mineOnly(turn),
  );
  const remembered = mayRemember(acting)
    ? await (remembering ?? remember(turn))
    : nothingRemembered;
  signal.throwIfAborted();
  await answerInSteps(turn, acting, { decision, settings, context: { ...history, remembered } });
}

/** An agent without memory knows its conversation, and nothing else of the person. */
function mayRemember({ memory = true }: Agent): boolean {
  return memory;
}

/** Never rejects while it is not awaited: a turn that ends before must not end the process. */
function remember(turn: RunningTurn): Promise<Remembered> {
  const { afterSeq, message, ports } = turn;
  const { isIncognito, turns } = ports.log.state;
  if (isIncognito) return Promise.resolve(nothingRemembered);
  // Nothing was said before the first message, so there is nothing to wait for.
  const wish = { text: message.text, afterSeq: turns.size > 1 ? afterSeq : 0 };
  const remembering = ports.remember(wish, signalOf(turn));
  remembering.catch(() => undefined);
  return remembering;
}

async function decide(
  turn: RunningTurn,
  { agent, preferences }: TurnPerson,
  history: History,
): Promise<RouteDecision> {
  const { limits, message, ports } = turn;
  const { state } = ports.log;
  const tools = ports.toolSpecs(grantsOf(agent));
  const withoutMemory = { ...history, remembered: nothingRemembered };
  const question: RouteQuestion = {
    text: message.text,
    messageModel: message.model,
    pinnedModel: state.pinnedModel,
    preferredModel: preferences.user.model,
    agent,
    ...(state.lastRoute && { previous: state.lastRoute }),
    ...whatCameBefore(state, history.turns, ports.nowMs()),
    ...(message.timeZone !== undefined && { timeZone: message.timeZone }),
    contextTokens: contextTokens(shownTurns(withoutMemory, '').slice(0, -1), agent, tools),
    mayAskJudge: true,
    usdLeft: limits.usd,
    signal: signalOf(turn),
  };
  try {
    return await ports.decide(question);
  } catch (thrown) {
    const isNone = thrown instanceof MosaicError && thrown.code === 'no_model_available';
    const isFirstMessage = history.turns.length <= 1 && history.summary === undefined;
    if (!isNone || isFirstMessage) throw thrown;
    // Perhaps the history is too long for all of them: it will be made to fit the one that is chosen.
    return await ports.decide({ ...question, contextTokens: 0, mayAskJudge: false });
  }
}
