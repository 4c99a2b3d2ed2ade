import { type Agent, agentsChanged, listAgents } from '@mosaic/proto';
import type { Bus, Clock, Logger, SignedCaller } from '@mosaic/service-kit';
import type { AgentPreference } from '../app/choice/expand-name.ts';
import { recentMap } from '../app/rules/recent-map.ts';

const askedAgainMs = 15_000;
const askLimitMs = 1_000;
const keptPeople = 1_000;

export interface AgentWatch {
  /** The agents that a person can use, as last told; undefined when nobody could be asked. */
  agentsOf(
    caller: SignedCaller,
  ): readonly AgentPreference[] | undefined | Promise<readonly AgentPreference[] | undefined>;
}

interface Told {
  agents: readonly AgentPreference[] | undefined;
  askedAtMs: number;
  asking: Promise<void>;
}

/** Keeps the agents of those who ask at hand: only their first question waits for the answer. */
export function watchAgents(parts: { bus: Bus; clock: Clock; log: Logger }): AgentWatch {
  const { bus, clock, log } = parts;
  const people = recentMap<Told>(keptPeople);
  const ask = async (told: Told, caller: SignedCaller) => {
    try {
      const options = { caller, timeoutMs: askLimitMs };
      const { agents } = await bus.call(listAgents, {}, options);
      // A rule that asks who is good at something takes a person's own before the system's.
      const own = agents.filter(({ scope }) => scope === 'user');
      const common = agents.filter(({ scope }) => scope === 'system');
      told.agents = [...own, ...common].map(toPreference);
    } catch (err) {
      log.debug({ err }, 'the agents could not be asked for; those told last stay');
    }
  };
  bus.subscribe(agentsChanged, (_fact, { tokens }) => people.delete(tokens['userId'] ?? ''));
  return {
    agentsOf(caller) {
      const told = people.get(caller.userId);
      const askedAtMs = clock.now();
      if (told === undefined) {
        const fresh: Told = { agents: undefined, askedAtMs, asking: Promise.resolve() };
        fresh.asking = ask(fresh, caller);
        people.set(caller.userId, fresh);
        return fresh.asking.then(() => fresh.agents);
      }
      if (askedAtMs - told.askedAtMs > askedAgainMs) {
        told.askedAtMs = askedAtMs;
        told.asking = ask(told, caller);
      }
      return told.agents;
    },
  };
}

function toPreference({ capabilities, model, name, tools }: Agent): AgentPreference {
  const { domains = [], toolSets = [] } = capabilities ?? {};
  return { name, model, usesTools: tools.length > 0, domains, toolSets };
}
