import {
  type Agent,
  agentsChanged,
  changeAgent,
  createAgent,
  getAgent,
  listAgents,
  MosaicError,
  removeAgent,
} from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';
import { changedAgent, newAgent } from '../../app/agents/written-agent.ts';
import type { AgentBook } from './agent-book.ts';
import type { KeptAgents } from './open-agents.ts';

export interface AgentServing {
  readonly bus: Bus;
  readonly book: AgentBook;
  readonly kept: KeptAgents;
}

/** Answers for agents. The owner is always the caller. */
export function serveAgents(serving: AgentServing): void {
  const { book, bus } = serving;
  bus.handle(listAgents, async (_request, { caller }) => ({
    agents: [...(await book.of(caller)).agents],
  }));
  bus.handle(getAgent, async ({ name }, { caller }) => ({ agent: await book.find(caller, name) }));
  bus.handle(createAgent, async ({ agent: draft }, { caller }) => {
    const agent = await openStore(serving).create(caller, newAgent(draft));
    tell(bus, caller, agent.name);
    return { agent };
  });
  bus.handle(changeAgent, async ({ name, version, changes }, { caller }) => {
    const change = (agent: Agent) => changedAgent(agent, changes);
    const agent = await openStore(serving).change(caller, { name, version, change });
    tell(bus, caller, name);
    return { agent };
  });
  bus.handle(removeAgent, async ({ name, version }, { caller }) => {
    await openStore(serving).remove(caller, { name, version });
    tell(bus, caller, name);
    return { isRemoved: true };
  });
}

function openStore({ kept: { store, trouble } }: AgentServing) {
  if (store !== undefined && trouble === undefined) return store;
  throw new MosaicError('service_unavailable', `Agents can't be kept now: ${trouble}.`);
}

/**
 * Heard by this replica as by all others, over the bus: who saved and asks at once may be answered by
 * any of them.
 */
function tell(bus: Bus, caller: SignedCaller, name: string): void {
  bus.publishLive(agentsChanged, { name }, { tokens: { userId: caller.userId }, caller });
}
