import type { Tier } from '@mosaic/proto';

/** What an agent wants to be answered by; null leaves it to the rules. */
export interface AgentPreference {
  readonly name: string;
  readonly model: string | null;
  /** Undefined where nobody said. */
  readonly usesTools?: boolean | undefined;
  /** What it says it is good at. */
  readonly domains?: readonly string[] | undefined;
  readonly toolSets?: readonly string[] | undefined;
}

/** Lists of models by the name of their tier, best first. */
export type Tiers = Readonly<Record<string, readonly string[]>>;

export function tiersByName(tiers: readonly Tier[]): Tiers {
  return Object.fromEntries(tiers.map(({ models, name }) => [name, models]));
}

/** What `tier/<name>` and `agent/<name>` can stand for. */
export interface NameBook {
  readonly tiers: Tiers;
  /** Undefined while nobody has told which agents there are. */
  readonly agents: readonly AgentPreference[] | undefined;
}

/** A model's name, or a name that leads to none, with the reason. */
export interface ExpandedName {
  readonly name: string;
  readonly problem: string | null;
}

/** The models that a name stands for, in order. What comes again, in a circle or not, adds nothing. */
export function expandName(
  name: string,
  book: NameBook,
  seen: Set<string> = new Set(),
): readonly ExpandedName[] {
  const reference = referenceIn(name);
  if (reference === undefined) return [{ name, problem: null }];
  if (seen.has(name)) return [];
  seen.add(name);
  const entries = entriesOf(reference, book);
  if (entries === undefined) {
    return [{ name, problem: `there is no ${reference.kind} "${reference.name}"` }];
  }
  return entries.flatMap((entry) => expandName(entry, book, seen));
}

export interface Reference {
  readonly kind: 'tier' | 'agent';
  readonly name: string;
}

/** Reads `tier/cheap` and `agent/coding-agent`; undefined for the name of a model. */
export function referenceIn(name: string): Reference | undefined {
  const match = /^(tier|agent)\/(.+)$/.exec(name);
  if (match === null) return undefined;
  return { kind: match[1] === 'tier' ? 'tier' : 'agent', name: match[2] ?? '' };
}

/** What stands directly behind a reference; undefined when there is no such thing. */
export function entriesOf(reference: Reference, book: NameBook): readonly string[] | undefined {
  if (reference.kind === 'tier') {
    return Object.hasOwn(book.tiers, reference.name) ? book.tiers[reference.name] : undefined;
  }
  if (book.agents === undefined) return [];
  const agent = book.agents.find((one) => one.name === reference.name);
  if (agent === undefined) return undefined;
  return agent.model === null ? [] : [agent.model];
}
