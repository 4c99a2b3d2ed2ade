/** What the decision rests on. */
export interface DemoFacts {
  /** MOSAIC_DEMO as set. */
  readonly wish: '0' | '1' | undefined;
  /** Vendors that have a key. */
  readonly vendorsWithKey: readonly string[];
  readonly hasOllama: boolean;
}

/** How the vendors are reached, and a sentence about it for the person who started Mosaic. */
export interface Mode {
  readonly isDemo: boolean;
  readonly sentence: string;
}

/** Demo mode is for who has nothing to ask yet; a key or a local Ollama is something. */
export function decideDemo({ wish, vendorsWithKey, hasOllama }: DemoFacts): Mode {
  if (wish === '1') {
    return { isDemo: true, sentence: 'demo mode (MOSAIC_DEMO=1): every answer is simulated' };
  }
  const vendors = [...vendorsWithKey, ...(hasOllama ? ['Ollama'] : [])];
  if (vendors.length > 0) return { isDemo: false, sentence: `vendors: ${vendors.join(', ')}` };
  if (wish === '0') {
    const sentence =
      'no vendor: set ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENROUTER_API_KEY or ZAI_API_KEY, or start Ollama';
    return { isDemo: false, sentence };
  }
  const sentence =
    'demo mode (no vendor key is set and no Ollama answers): every answer is simulated';
  return { isDemo: true, sentence };
}
