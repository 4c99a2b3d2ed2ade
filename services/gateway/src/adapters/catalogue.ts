import {
  type Agent,
  agentsChanged,
  credentialsChanged,
  listAgents,
  listModels,
  listOwnModels,
  listRules,
  type ModelCard,
  type ReplyOf,
  userDeleted,
} from '@mosaic/proto';
import {
  type Bus,
  type Clock,
  type Logger,
  makePerUserMemory,
  type SignedCaller,
} from '@mosaic/service-kit';
import {
  assertAgentKnown,
  assertModelKnown,
  assertTierKnown,
} from '../app/conversation/check-names.ts';

const keptMs = 5_000;
/** What somebody has alone, models by own keys or agents; dropped at once when these change. */
const ownThings = {
  freshMs: keptMs,
  staleMs: 600_000,
  patienceMs: 500,
  firstPatienceMs: 3_000,
  maxUsers: 10_000,
};

/** Names of models and agents, for answering at once when somebody slips. */
export interface Catalogue {
  /** All models as they are for this person: own keys bring vendors that nobody else has. */
  models(caller: SignedCaller): Promise<readonly ModelCard[]>;
  /** The same with what changed lately. */
  listing(caller: SignedCaller): Promise<ReplyOf<typeof listModels>>;
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
  const common = keep(clock, () => bus.call(listModels, {}));
  const own = makePerUserMemory({
    load: async (caller: SignedCaller) => (await bus.call(listOwnModels, {}, { caller })).models,
    clock,
    ...ownThings,
  });
  bus.subscribe(credentialsChanged, (_fact, { tokens }) => own.drop(tokens['userId'] ?? ''));
  const agents = makePerUserMemory({
    load: async (caller: SignedCaller) => (await bus.call(listAgents, {}, { caller })).agents,
    clock,
    ...ownThings,
  });
  bus.subscribe(agentsChanged, (_fact, { tokens }) => agents.drop(tokens['userId'] ?? ''));
  bus.subscribe(userDeleted, (_fact, { tokens }) => {
    own.drop(tokens['userId'] ?? '');
    agents.drop(tokens['userId'] ?? '');
  });
  const orNothing = async <Value>(asked: Promise<Value>): Promise<Value | undefined> => {
    try {
      return await asked;
    } catch (thrown) {
      log.debug({ err: thrown }, 'names could not be checked');
      return undefined;
    }
  };
  const listing = async (caller: SignedCaller) => {
    const [all, mine] = await Promise.all([common(undefined), orNothing(own.get(caller))]);
    const vendors = new Set(mine?.map((card) => card.provider));
    const others = all.models.filter((card) => !vendors.has(card.provider));
    return { ...all, models: [...others, ...(mine ?? [])] };
  };
  const models = async (caller: SignedCaller) => (await listing(caller)).models;
  return {
    listing,
    models,
    agents: (caller) => agents.get(caller),
    async assertKnown(caller, { model, agent }) {
      if (typeof model === 'string') {
        const cards = await orNothing(models(caller));
        if (cards !== undefined) assertModelKnown(model, cards);
      }
      if (agent !== undefined) {
        const known = await orNothing(agents.get(caller));
        if (known !== undefined) assertAgentKnown(agent, known);
      }
    },
  };
}

/** Throws unknown_model for a model or a tier (`tier/cheap`) that is not there. */
export async function assertModelOrTier(
  { bus, catalogue }: { readonly bus: Bus; readonly catalogue: Pick<Catalogue, 'assertKnown'> },
  caller: SignedCaller,
  model: string | null | undefined,
): Promise<void> {
  if (typeof model !== 'string') return;
  if (!model.startsWith('tier/')) return catalogue.assertKnown(caller, { model });
  // Says nothing when the router is away: it looks again itself.
  const asked = await bus.call(listRules, {}, { caller }).catch(() => undefined);
  if (asked?.tiers === undefined) return;
  assertTierKnown(
    model,
    asked.tiers.map(({ name }) => `tier/${name}`),
  );
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
