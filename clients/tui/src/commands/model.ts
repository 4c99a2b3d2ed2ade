import { describePrice, type ModelCard, nearestName } from '@mosaic/proto';
import { oneLine } from '../text/neutralise-controls.ts';
import type { Command, CommandHost } from './command.ts';

const automatic = 'auto';

export const modelCommand: Command = {
  name: 'model',
  argument: '[name|auto]',
  summary: 'pin a model for this conversation, or let the router choose again',
  async run(argument, host) {
    if (argument === automatic) return pin(null, host);
    const models = await chatModels(host);
    const wanted = argument === '' ? await chooseModel(models, host) : argument;
    if (wanted === null) return;
    if (wanted === automatic) return pin(null, host);
    const model = findModel(wanted, models);
    if (model === undefined) {
      host.print([unknownModel(wanted, models)]);
      return;
    }
    if (!model.isAvailable) {
      const reason = oneLine(model.unavailableReason ?? 'it cannot be used now');
      host.print([`${oneLine(model.model)} is not available: ${reason} Nothing was changed.`]);
      return;
    }
    await pin(nameOf(model, models), host);
  },
};

async function chatModels({ session }: CommandHost): Promise<readonly ModelCard[]> {
  const models = await session.rest.listModels();
  return models.filter((model) => !model.capabilities.includes('embedding'));
}

async function pin(model: string | null, { session, print }: CommandHost): Promise<void> {
  await session.change({ model });
  print([
    model === null
      ? 'Model: auto. The router chooses for every message.'
      : `Model: ${model}, pinned for this conversation. /model auto lets the router choose again.`,
  ]);
}

function findModel(name: string, models: readonly ModelCard[]): ModelCard | undefined {
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
    automatic,
  ]);
  const hint = nearest === undefined ? '/model lists them all.' : `Did you mean ${nearest}?`;
  return `Unknown model ${oneLine(name)}. ${hint}`;
}

function chooseModel(models: readonly ModelCard[], host: CommandHost): Promise<string | null> {
  const sorted = models.toSorted((a, b) => Number(b.isAvailable) - Number(a.isAvailable));
  const pinned = host.session.state.conversation.model;
  return host.choose({
    title: `Model (now ${pinned ?? automatic})`,
    choices: [
      { value: automatic, label: automatic, description: 'the router chooses for every message' },
      ...sorted.map((model) => ({
        value: `${model.provider}/${model.model}`,
        label: `${model.isAvailable ? '' : '✗ '}${oneLine(model.model)}`,
        description: describeModel(model),
      })),
    ],
  });
}

function describeModel(model: ModelCard): string {
  if (!model.isAvailable) return oneLine(model.unavailableReason ?? 'not available');
  return `${model.provider} · ${oneLine(describePrice(model))}`;
}
