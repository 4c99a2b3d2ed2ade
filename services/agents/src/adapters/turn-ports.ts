import {
  type CompletionPart,
  type ConversationEvent,
  decideRoute,
  getContext,
  MosaicError,
  makeId,
  type ReplyOf,
  streamCompletion,
  turnsFromEvents,
} from '@mosaic/proto';
import type { Bus, Clock, Logger, PreferenceWatch, SignedCaller } from '@mosaic/service-kit';
import { exchangesOf } from '../app/context/divide-history.ts';
import { nothingRemembered } from '../app/context/stored-block.ts';
import { type LoadedContext, newestSummary } from '../app/context/turn-context.ts';
import type { ConversationState } from '../app/conversation-state.ts';
import type { PlatformSettings, TurnLog, TurnPorts } from '../app/ports.ts';
import { standingChoices } from '../app/settings/standing-choices.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { withWireNames } from '../tools/wire-name.ts';
import type { AgentBook } from './agents/agent-book.ts';
import { askPatiently, completePatiently } from './ask-patiently.ts';
import type { LivePublisher } from './live-publisher.ts';

/** How long memory may take before the history is made from the log itself. */
const contextTimeoutMs = 3_000;

export interface TurnSurroundings {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly book: AgentBook;
  readonly preferences: Pick<PreferenceWatch, 'of'>;
  readonly platform: PlatformSettings;
  readonly toolbox: Toolbox;
  readonly approvalTimeoutMs: number;
  readonly caller: SignedCaller;
  readonly trace: string;
  readonly conversationId: string;
  readonly turnLog: TurnLog;
  /** Everything in the conversation's log until now. */
  readonly readEvents: () => Promise<readonly ConversationEvent[]>;
  readonly live: LivePublisher;
}

/** Ties a turn to the bus: memory for history, router for the choice, providers for the words. */
export function makeTurnPorts(around: TurnSurroundings): TurnPorts {
  const { book, bus, caller, trace, conversationId } = around;
  const options = { caller, trace };
  return {
    log: around.turnLog,
    platform: around.platform,
    nowMs: () => around.clock.now(),
    makeId,
    timeLimit,
    readEvents: around.readEvents,
    show: (piece) => around.live.show(piece),
    approvalTimeoutMs: around.approvalTimeoutMs,
    toolSpecs: (grants) => around.toolbox.specs(grants),
    runsAlone: (name) => around.toolbox.runsAlone(name),
    runTool: (call, signal) => around.toolbox.run(call, { caller, trace, conversationId, signal }),
    async findPerson(name, signal) {
      const agent = await askPatiently(() => book.find(caller, name), signal);
      return { agent, preferences: standingChoices(await around.preferences.of(caller)) };
    },
    loadContext: (state, signal) => loadContext(around, state, signal),
    async decide(question) {
      const { agent, contextTokens, messageModel, pinnedModel, preferredModel, ...rest } = question;
      const { signal, text, usdLeft, ...told } = rest;
      const request = {
        text,
        ...(messageModel === undefined ? {} : { messageModel }),
        ...(pinnedModel === null ? {} : { pinnedModel }),
        ...(preferredModel === null ? {} : { preferredModel }),
        ...(agent === undefined
          ? {}
          : {
              agent: { name: agent.name, ...(agent.model === null ? {} : { model: agent.model }) },
            }),
        ...told,
        ...(usdLeft === undefined ? {} : { budgetLeftUsd: usdLeft }),
        needs: { tools: (agent?.tools.length ?? 0) > 0, vision: false },
        contextTokens,
      };
      const ask = () => bus.call(decideRoute, request, { ...options, signal });
      return (await askPatiently(ask, signal)).decision;
    },
    complete({ agent, purpose, candidates, params, system, turns, tools, signal }) {
      const request = {
        ...(agent === null ? {} : { agent }),
        ...(purpose === undefined ? {} : { purpose }),
        candidates: [...candidates],
        system,
        turns: withWireNames(turns),
        tools: [...tools],
        ...params,
        conversationId,
      };
      const ask = () => bus.stream(streamCompletion, request, { ...options, signal });
      return withOurNames(completePatiently(ask, signal), around.toolbox);
    },
  };
}

function timeLimit(ms: number, sentence: string) {
  const controller = new AbortController();
  const error = new MosaicError('deadline_exceeded', sentence);
  const timer = setTimeout(() => controller.abort(error), Math.min(ms, 2 ** 31 - 1));
  timer.unref();
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** Of a conversation with a summary the log is read: memory does not know what it stands for. */
async function loadContext(
  { bus, caller, conversationId, log, readEvents, trace }: TurnSurroundings,
  state: ConversationState,
  signal: AbortSignal,
): Promise<LoadedContext> {
  const known = state.summary;
  const ask = { conversationId, seq: state.seq, ...(known === undefined ? {} : { maxTurns: 1 }) };
  let reply: ReplyOf<typeof getContext> | undefined;
  try {
    const options = { caller, trace, signal, timeoutMs: contextTimeoutMs };
    reply = await bus.call(getContext, ask, options);
  } catch (thrown) {
    signal.throwIfAborted();
    log.warn({ err: thrown, conversationId }, 'memory is away; history comes from the log');
  }
  const remembered =
    reply === undefined
      ? nothingRemembered
      : {
          standing: reply.standing ?? [],
          memories: reply.memories,
          recalled: reply.recalled ?? [],
        };
  if (known === undefined) {
    const turns = reply?.turns ?? turnsFromEvents(await readEvents());
    return { turns, summary: undefined, remembered };
  }
  const events = await readEvents();
  const turns = exchangesOf(events, known.throughSeq).flatMap((exchange) => exchange.turns);
  return { turns, summary: newestSummary(events), remembered };
}

async function* withOurNames(
  parts: AsyncIterable<CompletionPart>,
  toolbox: Toolbox,
): AsyncIterable<CompletionPart> {
  for await (const part of parts) {
    if (part.type !== 'tool-call') yield part;
    else yield { ...part, call: { ...part.call, name: toolbox.nameOf(part.call.name) } };
  }
}
