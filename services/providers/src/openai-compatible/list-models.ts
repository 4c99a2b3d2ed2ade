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

/**
 * The day on which OpenAI shuts a model down, from `shutdown_date` of its list
 * (developers.openai.com/api/docs/deprecations); the SDK's type knows ids only.
 */
export function describeShutdown(model: OpenAI.Model): Partial<ListedModel> {
  const { shutdown_date: endsOn } = model as { readonly shutdown_date?: unknown };
  return typeof endsOn === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(endsOn) ? { endsOn } : {};
}
