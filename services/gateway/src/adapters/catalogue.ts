import { type Agent, listAgents, listModels, type ModelCard, type ReplyOf } from '@mosaic/proto';
import type { Bus, Clock, Logger, SignedCaller } from '@mosaic/service-kit';
import { assertAgentKnown, assertModelKnown } from '../app/conversation/check-names.ts';

const keptMs = 5_000;

/** Names of models and agents, for answering at once when somebody slips. */
export interface Catalogue {
  models(): Promise<readonly ModelCard[]>;
  /** The models with what changed lately. */
  listing(): Promise<ReplyOf<typeof listModels>>;
  agents(caller: SignedCaller): Promise<readonly Agent[]>;
  /**
   * Throws unknown_model or unknown_agent. Says nothing when the services that know are away: they
   * look again themselves.
   */
  assertKnown(
    caller: SignedCaller,
    names: { readonly model?: string | null | undefined; readonly agent?: string | undefined },
  ): Promise<void>;
}

export function openCatalogue(parts: { bus: Bus; clock: Clock; log: Logger }): Catalogue {
  const { bus, clock, log } = parts;
  const listing = keep(clock, () => bus.call(listModels, {}));
  const models = async () => (await listing(undefined)).models;
  // Agents are the installation's until people can make their own: one list serves everybody.
  const agents = keep(clock, async (caller: SignedCaller) => {
    return (await bus.call(listAgents, {}, { caller })).agents;
  });
  const orNothing = async <Value>(asked: Promise<Value>): Promise<Value | undefined> => {
    try {
      return await asked;
    } catch (thrown) {
      log.debug({ err: thrown }, 'names could not be checked');
      return undefined;
    }
  };
  return {
    models,
    listing: () => listing(undefined),
    agents,
    async assertKnown(caller, { model, agent }) {
      if (typeof model === 'string') {
        const cards = await orNothing(models());
        if (cards !== undefined) assertModelKnown(model, cards);
      }
      if (agent !== undefined) {
        const known = await orNothing(agents(caller));
        if (known !== undefined) assertAgentKnown(agent, known);
      }
    },
  };
}

/** Asks once per few seconds, however many want to know; a failure is not kept. */
function keep<From, Value>(
  clock: Clock,
  ask: (from: From) => Promise<Value>,
): (from: From) => Promise<Value> {
  let asked: { readonly value: Promise<Value>; readonly atMs: number } | undefined;
  return (from) => {
    const now = clock.now();
    if (asked !== undefined && now - asked.atMs < keptMs) return asked.value;
    const fresh = { value: ask(from), atMs: now };
    asked = fresh;
    fresh.value.catch(() => {
      if (asked === fresh) asked = undefined;
    });
    return fresh.value;
  };
}
