import type OpenAI from 'openai';
import type { ListedModel } from '../app/vendor/vendor-port.ts';

/** Reads `/models` of a host that says nothing but ids, or more in `describe`. */
export async function listOpenAiModels(
  client: OpenAI,
  signal: AbortSignal,
  describe: (model: OpenAI.Model) => Partial<ListedModel> = () => ({}),
): Promise<ListedModel[]> {
  const models: ListedModel[] = [];
  for await (const model of client.models.list({ signal })) {
    models.push({
      model: model.id,
      name: null,
      contextTokens: null,
      maxOutputTokens: null,
      capabilities: null,
      price: null,
      ...describe(model),
    });
  }
  return models;
}
