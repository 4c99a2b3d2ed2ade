import type { ModelCard } from '@mosaic/proto';
import { nearestName } from '@mosaic/proto/client';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { CommandHost } from '../command.ts';

/** The models that can chat, usable or not. */
export async function chatModels({ session }: CommandHost): Promise<readonly ModelCard[]> {
  const models = await session.rest.listModels();
  return models.filter((model) => !model.capabilities.includes('embedding'));
}

/** The name to ask for, or the sentence that says why there is none. */
export type FoundModel =
  | { readonly name: string; readonly problem: null }
  | { readonly name: null; readonly problem: string };

/** Finds what a person typed, or says what is the matter with it. */
export function findModel(typed: string, models: readonly ModelCard[]): FoundModel {
  const model = match(typed, models);
  if (model === undefined) return { name: null, problem: unknownModel(typed, models) };
  if (model.isAvailable) return { name: nameOf(model, models), problem: null };
  const reason = oneLine(model.unavailableReason ?? 'it cannot be used now');
  const problem = `${oneLine(model.model)} is not available: ${reason} Nothing was changed.`;
  return { name: null, problem };
}

function match(name: string, models: readonly ModelCard[]): ModelCard | undefined {
  const wanted = name.toLowerCase();
  const matches = models.filter((model) =>
    [model.model, `${model.provider}/${model.model}`, model.name].some(
      (known) => known.toLowerCase() === wanted,
    ),
  );
  return matches.find((model) => model.isAvailable) ?? matches[0];
}

/** The bare id, or `provider/model` where two providers offer the same id. */
function nameOf({ provider, model }: ModelCard, models: readonly ModelCard[]): string {
  const isUnique = models.filter((one) => one.model === model).length === 1;
  return isUnique ? model : `${provider}/${model}`;
}

function unknownModel(name: string, models: readonly ModelCard[]): string {
  const nearest = nearestName(name, [
    ...models.flatMap((model) => [model.model, `${model.provider}/${model.model}`]),
    'auto',
  ]);
  const hint = nearest === undefined ? '/model lists them all.' : `Did you mean ${nearest}?`;
  return `Unknown model ${oneLine(name)}. ${hint}`;
}
