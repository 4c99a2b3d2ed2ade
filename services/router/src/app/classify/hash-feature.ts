/** Slots that features are hashed into; a power of two. */
export const hashedSlots = 2 ** 17;

/** How much each kind of feature may say altogether: the length of its part of the vector. */
export const spaces = {
  word: { seed: 1, length: 1 },
  pair: { seed: 2, length: 0.7 },
  chars: { seed: 3, length: 1 },
  opening: { seed: 4, length: 0.8 },
  closing: { seed: 5, length: 0.4 },
  flag: { seed: 6, length: 0.9 },
  cue: { seed: 7, length: 0.9 },
  given: { seed: 8, length: 0.8 },
} as const;
export type Space = keyof typeof spaces;

/** Where the hash of a kind of feature begins. */
export const startOf = (space: Space) =>
  (0x811c9dc5 ^ Math.imul(spaces[space].seed, 0x9e3779b1)) >>> 0;

/** One step of FNV-1a. */
export const hashStep = (value: number, code: number) => Math.imul(value ^ code, 0x01000193);

export const slotOf = (value: number) => ((value ^ (value >>> 15)) >>> 0) & (hashedSlots - 1);

/** The hash of a text behind what was hashed before. */
export function hashOn(before: number, text: string): number {
  let value = before;
  for (let at = 0; at < text.length; at += 1) value = hashStep(value, text.charCodeAt(at));
  return value;
}

/** What stands between the words of a pair. */
export const spaceCode = ' '.charCodeAt(0);

/** The slot of a feature. */
export const hashFeature = (space: Space, feature: string) =>
  slotOf(hashOn(startOf(space), feature));
