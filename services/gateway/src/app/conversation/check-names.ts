import { type Agent, type ModelCard, MosaicError, nearestName } from '@mosaic/proto';

/** People write claude-opus-4.6 and claude-opus-4-6 for the same thing; the router reads both too. */
const plain = (name: string) =>
  name
    .toLowerCase()
    .replaceAll('.', '-')
    .replace(/:latest$/, '');

/** Throws unknown_model with the nearest name when no vendor offers `name`. */
export function assertModelKnown(name: string, cards: readonly ModelCard[]): void {
  const wanted = plain(name);
  const names = cards.flatMap((card) => [card.model, `${card.provider}/${card.model}`]);
  if (names.some((known) => plain(known) === wanted)) return;
  throw unknown('unknown_model', `No provider offers the model "${name}".`, {
    name,
    names: wanted.includes('/') ? names : cards.map((card) => card.model),
  });
}

/** Throws unknown_model with the nearest name when there is no tier `name`. */
export function assertTierKnown(name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw unknown('unknown_model', `There is no "${name}".`, { name, names });
}

/** Throws unknown_agent with the nearest name when there is no agent `name`. */
export function assertAgentKnown(name: string, agents: readonly Agent[]): void {
  if (agents.some((agent) => agent.name === name)) return;
  throw unknown('unknown_agent', `There is no agent "${name}".`, {
    name,
    names: agents.map((agent) => agent.name),
  });
}

function unknown(
  code: 'unknown_model' | 'unknown_agent',
  sentence: string,
  { name, names }: { readonly name: string; readonly names: readonly string[] },
): MosaicError {
  const nearest = nearestName(name, names);
  if (nearest === undefined) return new MosaicError(code, sentence);
  return new MosaicError(code, `${sentence} Did you mean "${nearest}"?`, {
    details: { nearest: [nearest] },
  });
}
