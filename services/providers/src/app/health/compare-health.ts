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
  return [...(isNews ? [vendor] : []), ...compareModels(before, after, at)];
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
