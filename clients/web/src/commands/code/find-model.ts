import { formatModelRef, nearestName } from '@mosaic/proto';
import { fetchModels } from '../../rest/catalogue.ts';

/** The name to ask for, or the sentence that says why there is none. */
export type Found =
  | { readonly name: string; readonly problem: null }
  | { readonly name: null; readonly problem: string };

/** Finds what a person typed, or says what is the matter with it. */
export async function findModel(typed: string): Promise<Found> {
  const wanted = typed.toLowerCase();
  const models = (await fetchModels()).filter((one) => !one.capabilities.includes('embedding'));
  const matches = models.filter((card) =>
    [card.model, formatModelRef(card), card.name].some((known) => known.toLowerCase() === wanted),
  );
  const card = matches.find(({ isAvailable }) => isAvailable) ?? matches[0];
  if (card === undefined) {
    const names = models.flatMap((one) => [one.model, formatModelRef(one)]);
    const near = nearestName(typed, [...names, 'auto']);
    const hint = near === undefined ? 'The list below has them all.' : `Did you mean ${near}?`;
    return { name: null, problem: `Unknown model ${typed}. ${hint}` };
  }
  if (card.isAvailable) {
    const isUnique = models.filter(({ model }) => model === card.model).length === 1;
    return { name: isUnique ? card.model : formatModelRef(card), problem: null };
  }
  const why = card.unavailableReason ?? 'it cannot be used now';
  return { name: null, problem: `${card.model} is not available: ${why} Nothing was changed.` };
}
