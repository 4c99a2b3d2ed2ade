import { type ConversationEvent, MosaicError, makeId } from '@mosaic/proto';
import { decision } from '@mosaic/test-kit/samples';
import { nothingRemembered } from '../src/app/context/stored-block.ts';
import {
  applyEvents,
  type ConversationState,
  type EventDraft,
  numberEvent,
  unopened,
} from '../src/app/conversation-state.ts';
import type { TurnPorts } from '../src/app/ports.ts';
import { runTurn } from '../src/app/run-turn.ts';
import type { TurnMessage } from '../src/app/running-turn.ts';
import { standingChoices } from '../src/app/settings/standing-choices.ts';
import { findAgent, systemAgents } from '../src/app/system-agents.ts';
import { say } from './turn-rig.ts';

export const conversationId = makeId();
export const messageId = makeId();
export const never = new AbortController().signal;

/** A log in memory whose reader can be overtaken by what `others` write. */
export function openLog(drafts: readonly EventDraft[], others: readonly EventDraft[] = []) {
  const events: ConversationEvent[] = [];
  const add = (draft: EventDraft) => {
    const event = numberEvent(draft, { conversationId, seq: events.length + 1, atMs: 0 });
    events.push(event);
    return event;
  };
  for (const draft of drafts) add(draft);
  let state: ConversationState = applyEvents(unopened, events);
  for (const draft of others) add(draft);
  const log: TurnPorts['log'] = {
    get state() {
      return state;
    },
    async append(draft, stillMine) {
      stillMine?.(state);
      if (state.seq !== events.length) state = applyEvents(state, events);
      stillMine?.(state);
      const event = add(draft);
      state = applyEvents(state, events);
      return event;
    },
    events: async () => events.filter(({ seq }) => seq <= state.seq),
    async refresh() {
      if (state.seq !== events.length) state = applyEvents(state, events);
    },
    async until() {
      throw new MosaicError('service_lost');
    },
  };
  return { events, log, add };
}

/** Runs a turn whose surroundings are what stands here, but for what is given. */
export function answer(
  log: TurnPorts['log'],
  more: Partial<TurnPorts> = {},
  wish: Partial<TurnMessage> = {},
): Promise<void> {
  const ports: TurnPorts = {
    log,
    nowMs: () => 0,
    makeId,
    platform: {
      temperature: null,
      effort: null,
      limits: {
        steps: 12,
        stepSeconds: 600,
        turnSeconds: 600,
        tokens: undefined,
        usd: undefined,
      },
    },
    timeLimit: () => ({ signal: never, clear: () => {}, hold: () => () => {} }),
    findPerson: async (name) => ({
      agent: findAgent(name, systemAgents),
      preferences: standingChoices([]),
    }),
    remember: async () => nothingRemembered,
    decide: async () => decision,
    complete: () => say('hello'),
    toolSpecs: () => [],
    runTool: async () => ({ output: '', outcome: 'ran' }),
    runsAlone: () => false,
    approvalTimeoutMs: 1_000,
    show: () => {},
    ...more,
  };
  const message = { messageId, text: 'hi', run: makeId(), ...wish };
  return runTurn(ports, message, { cancel: never, abandon: never });
}
