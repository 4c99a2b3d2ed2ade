import {
  type CompletionPart,
  type ConversationEvent,
  decideRoute,
  getContext,
  makeId,
  streamCompletion,
  turnsFromEvents,
} from '@mosaic/proto';
import type { Bus, Clock, Logger, SignedCaller } from '@mosaic/service-kit';
import type { TurnLog, TurnPorts } from '../app/ports.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { withWireNames } from '../tools/wire-name.ts';
import { askPatiently, completePatiently } from './ask-patiently.ts';
import type { LivePublisher } from './live-publisher.ts';

/** How long memory may take before the history is made from the log itself. */
const contextTimeoutMs = 3_000;

export interface TurnSurroundings {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
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
  const { bus, caller, trace, conversationId } = around;
  const options = { caller, trace };
  return {
    log: around.turnLog,
    nowMs: () => around.clock.now(),
    makeId,
    show: (piece) => around.live.show(piece),
    approvalTimeoutMs: around.approvalTimeoutMs,
    toolSpecs: (grants) => around.toolbox.specs(grants),
    runsAlone: (name) => around.toolbox.runsAlone(name),
    runTool: (call, signal) => around.toolbox.run(call, { caller, trace, conversationId, signal }),
    async loadTurns(state, signal) {
      try {
        const request = { conversationId, seq: state.seq };
        const timeoutMs = contextTimeoutMs;
        return (await bus.call(getContext, request, { ...options, timeoutMs, signal })).turns;
      } catch (thrown) {
        signal.throwIfAborted();
        around.log.warn(
          { err: thrown, conversationId },
          'memory is away; history comes from the log',
        );
        return turnsFromEvents(await around.readEvents());
      }
    },
    async decide(question) {
      const { agent, messageModel, pinnedModel, previous, signal } = question;
      const request = {
        text: question.text,
        ...(messageModel === undefined ? {} : { messageModel }),
        ...(pinnedModel === null ? {} : { pinnedModel }),
        agent: { name: agent.name, ...(agent.model === null ? {} : { model: agent.model }) },
        ...(previous === undefined ? {} : { previous }),
        needs: { tools: agent.tools.length > 0, vision: false },
        contextTokens: question.contextTokens,
      };
      const ask = () => bus.call(decideRoute, request, { ...options, signal });
      return (await askPatiently(ask, signal)).decision;
    },
    complete({ agent, candidates, params, system, turns, tools, signal }) {
      const request = {
        agent,
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

async function* withOurNames(
  parts: AsyncIterable<CompletionPart>,
  toolbox: Toolbox,
): AsyncIterable<CompletionPart> {
  for await (const part of parts) {
    if (part.type !== 'tool-call') yield part;
    else yield { ...part, call: { ...part.call, name: toolbox.nameOf(part.call.name) } };
  }
}
