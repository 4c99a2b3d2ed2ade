import { z } from 'zod';

/** The five vendors, by the names used in rules, headers and the API. */
export const providerNames = ['anthropic', 'openai', 'openrouter', 'zai', 'ollama'] as const;
export type ProviderName = (typeof providerNames)[number];
export const providerNameSchema = z.enum(providerNames);

/** A model at a vendor. `model` is the vendor's own id. */
export const modelRefSchema = z.object({
  provider: providerNameSchema,
  model: z.string().min(1).max(200),
});
export type ModelRef = z.infer<typeof modelRefSchema>;

/** Writes a reference as `provider/model`, the form people type. */
export function formatModelRef(ref: ModelRef): string {
  return `${ref.provider}/${ref.model}`;
}
