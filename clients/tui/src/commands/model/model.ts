import type { ModelCard } from '@mosaic/proto';
import { describePrice } from '@mosaic/proto/client';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { CommandHost, RunCommand } from '../command.ts';
import { chatModels, findModel } from './find-model.ts';

const automatic = 'auto';

/** `/model [name|auto]` */
export const pinModel: RunCommand = async (argument, host) => {
  if (argument === automatic) return pin(null, host);
  const models = await chatModels(host);
  const wanted = argument === '' ? await chooseModel(models, host) : argument;
  if (wanted === null) return;
  if (wanted === automatic) return pin(null, host);
  const { name, problem } = findModel(wanted, models);
  if (name === null) host.print([problem]);
  else await pin(name, host);
};

async function pin(model: string | null, { session, print }: CommandHost): Promise<void> {
  await session.change({ model });
  print([
    model === null
      ? 'Model: auto. The router chooses for every message.'
      : `Model: ${model}, pinned for this conversation. /model auto lets the router choose again.`,
  ]);
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
