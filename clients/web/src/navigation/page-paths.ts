/** Where a person looks after vendors and keys of their own. */
export const providersPath = '/providers';
export const memoryPath = '/memory';
export const costPath = '/cost';
export const rulesPath = '/rules';
export const storagePath = '/storage';
export const searchPath = '/search';

/** The page of what is found for these words. */
export function searchPathFor(words: string): string {
  return words === '' ? searchPath : `${searchPath}?q=${encodeURIComponent(words)}`;
}
