import type { HealthChange, ProviderStatus } from '@mosaic/proto';

/**
 * What became unwell or well again between two looks at a vendor. Of a first look only what is unwell
 * is news; a vendor without key is neither.
 */
export function compareHealth(
  before: ProviderStatus | null,
  after: ProviderStatus,
  at: string,
): HealthChange[] {
  if (!after.isConfigured) return [];
  const { name: provider, isHealthy, reason } = after;
  const was = before?.isConfigured ? before : { isHealthy: true, reason: null };
  const isNews = isHealthy !== was.isHealthy || reason !== was.reason;
  const vendor = { provider, model: null, isHealthy, reason, since: at };
  const models = [...compareModels(before, after, at), ...compareLoads(before, after, at)];
  return [...(isNews ? [vendor] : []), ...models];
}

function compareModels(
  before: ProviderStatus | null,
  after: ProviderStatus,
  at: string,
): HealthChange[] {
  const { name: provider } = after;
  const earlier = before?.restingModels ?? [];
  const begun = after.restingModels
    .filter(
      ({ model, until }) => !earlier.some((one) => one.model === model && one.until === until),
    )
    .map(({ model, reason, since }) => ({ provider, model, isHealthy: false, reason, since }));
  const over = earlier
    .filter(({ model }) => !after.restingModels.some((one) => one.model === model))
    .map(({ model }) => ({ provider, model, isHealthy: true, reason: null, since: at }));
  return [...begun, ...over];
}

/** A model that is being loaded is well: whoever waits for its first word should know why. */
function compareLoads(
  before: ProviderStatus | null,
  after: ProviderStatus,
  at: string,
): HealthChange[] {
  const { name: provider } = after;
  const earlier = before?.loadingModels ?? [];
  const has = (models: typeof earlier, model: string) => models.some((one) => one.model === model);
  const reason = 'It is being loaded; its first word may take minutes.';
  const begun = after.loadingModels
    .filter(({ model }) => !has(earlier, model))
    .map(({ model, since }) => ({
      ...{ provider, model, isHealthy: true, reason, since },
      isLoading: true,
    }));
  const over = earlier
    .filter(({ model }) => !has(after.loadingModels, model))
    .map(({ model }) => ({
      ...{ provider, model, isHealthy: true, reason: null, since: at },
      isLoading: false,
    }));
  return [...begun, ...over];
}
