import type { ModelCard, ProviderName } from '@mosaic/proto';

/**
 * True for a model that Ollama passes on to its own cloud. The server itself tells them by this ending
 * of the name (ollama/internal/modelref): "gpt-oss:20b-cloud", "qwen3:cloud".
 */
export function isCloudModel(model: string): boolean {
  const tag = model.includes(':') ? model.slice(model.lastIndexOf(':') + 1) : '';
  return tag === 'cloud' || tag.endsWith('-cloud');
}

/** What stands where the price would; undefined when there is a price. */
export function priceNoteOf(
  provider: ProviderName,
  { model, price }: Pick<ModelCard, 'model' | 'price'>,
): string | undefined {
  if (price !== null) return undefined;
  if (provider !== 'ollama') return 'price unknown';
  return isCloudModel(model)
    ? 'price unknown: charged by Ollama’s cloud'
    : 'local, nothing is charged';
}
