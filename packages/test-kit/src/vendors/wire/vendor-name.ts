/** The five vendors, by the names the rest of Mosaic uses for them. */
export const vendorNames = ['anthropic', 'openai', 'openrouter', 'zai', 'ollama'] as const;
export type VendorName = (typeof vendorNames)[number];
