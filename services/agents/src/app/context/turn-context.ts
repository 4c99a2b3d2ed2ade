import type { Agent, RouteDecision, ToolSpec, Turn } from '@mosaic/proto';
import { mineOnly, type RunningTurn } from '../running-turn.ts';
import { estimateTokens, frameTokens } from '../size/estimate-tokens.ts';
import { noteWarning } from '../tally.ts';
import { divideHistory, exchangesOf } from './divide-history.ts';
import { type History, newestSummary } from './own-history.ts';
import { type Remembered, rememberedBlock, summaryBlock, withBlocks } from './stored-block.ts';
import { writeSummary } from './write-summary.ts';

/** What a model is to see beside its agent's prompt. */
export interface LoadedContext extends History {
  readonly remembered: Remembered;
}

/** How much of the window may be filled before older turns go into a summary. */
const fullShare = 0.8;
/** How much of it the turns fill that stay as they are afterwards. */
const keptShare = 0.3;
/** Tokens are counted by characters: vendors were seen to count up to a tenth more. */
const margin = 1.1;

/** The turns as a model gets them: summary in front of them, what is remembered with the last message. */
export function shownTurns(context: LoadedContext, mark: string): Turn[] {
  const { remembered, summary, turns } = context;
  const last = turns.findLastIndex((turn) => turn.role === 'user');
  const withMemory =
    last === -1
      ? [...turns]
      : [
          ...turns.slice(0, last),
          ...withBlocks(turns[last], [rememberedBlock(remembered, mark)]),
          ...turns.slice(last + 1),
        ];
  if (summary === undefined) return withMemory;
  const [first, ...others] = withMemory;
  return [...withBlocks(first, [summaryBlock(summary, mark)]), ...others];
}

/** Tokens of everything that goes to the model, with margin. */
export function contextTokens(turns: readonly Turn[], agent: Agent, tools: readonly ToolSpec[]) {
  return Math.ceil((estimateTokens(turns) + frameTokens(agent.systemPrompt, tools)) * margin);
}

export interface FittingContext {
  readonly agent: Agent;
  readonly tools: readonly ToolSpec[];
  readonly decision: RouteDecision;
  readonly context: LoadedContext;
  readonly mark: string;
  readonly signal: AbortSignal;
}

/**
 * Puts older turns into the running summary when the chosen model's window would be filled by more
 * than four fifths. The turns stay in the log, and the summary goes there too. When no summary can be
 * made the older turns are left out, and the answer says so: a turn is not lost for it.
 */
export async function fitContext(
  turn: RunningTurn,
  fitting: FittingContext,
): Promise<LoadedContext> {
  const { agent, context, decision, mark, tools } = fitting;
  const window = decision.contextTokens;
  if (window === undefined) return context;
  const needed = contextTokens(shownTurns(context, mark), agent, tools);
  if (needed <= window * fullShare) return context;
  const events = await turn.ports.log.events();
  const state = turn.ports.log.state;
  const exchanges = exchangesOf(events, state.summary?.throughSeq ?? 0);
  const { old, recent } = divideHistory(exchanges, (window * keptShare) / margin);
  const through = old.at(-1)?.lastSeq;
  if (through === undefined) return context;
  const turns = recent.flatMap((exchange) => exchange.turns);
  const summary = await summarize(turn, fitting, {
    earlier: newestSummary(events),
    turns: old.flatMap((exchange) => exchange.turns),
    throughSeq: through,
  });
  return { ...context, turns, summary: summary ?? context.summary };
}

async function summarize(
  turn: RunningTurn,
  { decision, signal }: FittingContext,
  wish: {
    readonly earlier: string | undefined;
    readonly turns: readonly Turn[];
    readonly throughSeq: number;
  },
): Promise<string | undefined> {
  try {
    const { tally, text } = await writeSummary(turn, wish, signal);
    const { cost, usage, answeredBy } = tally;
    const by = answeredBy ?? { provider: decision.provider, model: decision.model };
    await turn.ports.log.append(
      {
        type: 'context.summarized',
        run: turn.run,
        throughSeq: wish.throughSeq,
        text,
        by,
        usage,
        cost,
      },
      mineOnly(turn),
    );
    return text;
  } catch (thrown) {
    signal.throwIfAborted();
    mineOnly(turn)(turn.ports.log.state);
    const why = thrown instanceof Error ? thrown.message : 'no reason given';
    const warning = `Earlier turns were left out: they could not be summarised (${why}).`;
    turn.tally = noteWarning(turn.tally, warning);
    return undefined;
  }
}
