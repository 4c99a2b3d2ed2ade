import {
  type CompletionPart,
  decideRoute,
  getContext,
  makeId,
  streamCompletion,
} from '@mosaic/proto';
import type { Bus, Clock, Logger, PreferenceWatch, SignedCaller } from '@mosaic/service-kit';
import { nothingRemembered, type Remembered } from '../app/context/stored-block.ts';
import type { PlatformSettings, TurnLog, TurnPorts } from '../app/ports.ts';
import { standingChoices } from '../app/settings/standing-choices.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { withWireNames } from '../tools/wire-name.ts';
import type { AgentBook } from './agents/agent-book.ts';
import { askPatiently, completePatiently } from './ask-patiently.ts';
import type { LivePublisher } from './live-publisher.ts';
import { timeLimit } from './time-limit.ts';

/** How long an answer waits for what memory has of the person. */
const memoryTimeoutMs = 3_000;
/** Enough to tell what a message is about, in characters. */
const longestQuestion = 4_000;

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
  readonly live: LivePublisher;
}

/** Ties a turn to the bus: memory for what is known of the person, router for the choice, providers for the words. */
export function makeTurnPorts(around: TurnSurroundings): TurnPorts {
  const { book, bus, caller, trace, conversationId } = around;
  const options = { caller, trace };
  return {
    log: around.turnLog,
    platform: around.platform,
    nowMs: () => around.clock.now(),
    makeId,
    timeLimit,
    show: (piece) => around.live.show(piece),
    approvalTimeoutMs: around.approvalTimeoutMs,
    toolSpecs: (grants) => around.toolbox.specs(grants),
    runsAlone: (name) => around.toolbox.runsAlone(name),
    runTool: (call, signal) => around.toolbox.run(call, { caller, trace, conversationId, signal }),
    async findPerson(name, signal) {
      const agent = await askPatiently(() => book.find(caller, name), signal);
      return { agent, preferences: standingChoices(await around.preferences.of(caller)) };
    },
    remember: (wish, signal) => remember(around, wish, signal),
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

async function remember(
  { bus, caller, conversationId, log, trace }: TurnSurroundings,
  wish: { readonly text: string; readonly afterSeq: number },
  signal: AbortSignal,
): Promise<Remembered> {
  const question = wish.text.slice(0, longestQuestion);
  const ask = { conversationId, seq: wish.afterSeq, maxTurns: 0, question };
  try {
    const options = { caller, trace, signal, timeoutMs: memoryTimeoutMs };
    const { memories, recalled, standing } = await bus.call(getContext, ask, options);
    return { memories, recalled, standing };
  } catch (thrown) {
    signal.throwIfAborted();
    log.warn({ err: thrown, conversationId }, 'memory is away; the answer goes on without it');
    return nothingRemembered;
  }
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
