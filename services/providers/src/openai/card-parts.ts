import type { VendorCard } from '../app/vendor/vendor-port.ts';

/** The folder of the models' pages; each card's price names its own page. */
export const pages = 'https://developers.openai.com/api/docs/models';

/** The pro models have no price for cached input, so none for what is written there either. */
export const noCacheWrite = { cacheWrite5m: null, cacheWrite1h: null } as const;

/**
 * Models before GPT-5.6 write to the cache without an extra charge: what is written costs what input
 * costs. Since then it is kept for thirty minutes at a price of its own; the price for twelve hours is
 * for an option that nothing here asks for.
 */
export function freeWrite(input: number) {
  return { cacheWrite5m: input, cacheWrite1h: null };
}

type Control = Pick<VendorCard, 'reasoning' | 'sampling' | 'cacheFromTokens'>;

/** Temperature and top_p are refused as soon as a model reasons, so at every effort but `none`. */
function byEffort(
  ...efforts: Extract<Control['reasoning'], { how: 'effort' }>['efforts']
): Control {
  return {
    reasoning: { how: 'effort', efforts },
    sampling: efforts.includes('none') ? { whileReasoning: false, together: true } : null,
    // The vendor caches by itself.
    cacheFromTokens: null,
  };
}

// Each list is what the API itself names when it refuses another effort, or what the page does.
export const upToHigh = byEffort('none', 'low', 'medium', 'high');
export const upToXhigh = byEffort('none', 'low', 'medium', 'high', 'xhigh');
export const upToMax = byEffort('none', 'low', 'medium', 'high', 'xhigh', 'max');
/** GPT-6.2 answers 400 to `none`. */
export const alwaysUpToMax = byEffort('low', 'medium', 'high', 'xhigh', 'max');
export const codex = byEffort('low', 'medium', 'high', 'xhigh');
export const pro = byEffort('medium', 'high', 'xhigh');
