import {
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
import { askPatiently, completePatiently } from './ask-patiently.ts';
import type { LivePublisher } from './live-publisher.ts';

/** How long memory may take before the history is made from the log itself. */
const contextTimeoutMs = 3_000;

export interface TurnSurroundings {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly toolbox: Toolbox;
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
    toolSpecs: (names) => around.toolbox.specs(names),
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
      const { agent, contextTokens, messageModel, pinnedModel, signal, text, ...told } = question;
      const request = {
        text,
        ...(messageModel === undefined ? {} : { messageModel }),
        ...(pinnedModel === null ? {} : { pinnedModel }),
        agent: { name: agent.name, ...(agent.model === null ? {} : { model: agent.model }) },
        ...told,
        needs: { tools: agent.tools.length > 0, vision: false },
        contextTokens,
      };
      const ask = () => bus.call(decideRoute, request, { ...options, signal });
      return (await askPatiently(ask, signal)).decision;
    },
    complete({ agent, candidates, params, system, turns, tools, signal }) {
      const request = {
        agent,
        candidates: [...candidates],
        system,
        turns: [...turns],
        tools: [...tools],
        ...params,
        conversationId,
      };
      const ask = () => bus.stream(streamCompletion, request, { ...options, signal });
      return completePatiently(ask, signal);
    },
  };
}
