import { type Agent, agentsChanged, MosaicError } from '@mosaic/proto';
import {
  type Bus,
  type Clock,
  type Logger,
  makePerUserMemory,
  type SignedCaller,
} from '@mosaic/service-kit';
import { findAgent, systemAgents } from '../../app/system-agents.ts';
import type { AgentStore } from '../../stores/agent-store.ts';

/** What one person may use. */
export interface PersonBook {
  readonly agents: readonly Agent[];
  /** False while nobody can read what is kept: then these are the agents that come with Mosaic. */
  readonly isWhole: boolean;
}

export interface AgentBook {
  /** At once, except for a person's first message after their agents changed. Never throws. */
  of(caller: SignedCaller): Promise<PersonBook>;
  /** One agent. Throws unknown_agent, or service_unavailable when it can't be known now. */
  find(caller: SignedCaller, name: string): Promise<Agent>;
  /** Drops what is remembered of a person. */
  forget(userId: string): void;
}

/**
 * A replica that missed the news reads again after 15 s. While PostgreSQL is away the last known serve
 * for a day: a turn is not worth losing for a changed prompt.
 */
const memoryTimes = {
  freshMs: 15_000,
  staleMs: 24 * 3_600_000,
  patienceMs: 300,
  firstPatienceMs: 1_500,
  maxUsers: 1_000,
};

const builtIn: PersonBook = { agents: systemAgents, isWhole: false };

/** Keeps the agents of those who asked last in memory. */
export function keepAgentBook(parts: {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: Pick<AgentStore, 'read'> | undefined;
}): AgentBook {
  const { bus, clock, log, store } = parts;
  const people = makePerUserMemory<SignedCaller, PersonBook>({
    load: async (caller) => {
      if (store === undefined) throw new MosaicError('service_unavailable');
      return { agents: await store.read(caller), isWhole: true };
    },
    clock,
    ...memoryTimes,
  });
  bus.subscribe(agentsChanged, (_fact, { tokens }) => people.drop(tokens['userId'] ?? ''));
  const of = (caller: SignedCaller) =>
    people.get(caller).catch((err: unknown) => {
      if (store !== undefined) log.warn({ err }, 'agents can not be read; the built-in ones go on');
      return builtIn;
    });
  return {
    of,
    forget: (userId) => people.drop(userId),
    async find(caller, name) {
      const { agents, isWhole } = await of(caller);
      const isKnown = agents.some((agent) => agent.name === name);
      if (isKnown || isWhole || store === undefined) return findAgent(name, agents);
      const sentence = `Agents can't be read now, and "${name.slice(0, 64)}" is none that comes with Mosaic.`;
      throw new MosaicError('service_unavailable', sentence);
    },
  };
}
