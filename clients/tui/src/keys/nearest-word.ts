/**
 * The word that shares the longest beginning with `typed`, else the first. The key map is read before
 * the contracts are loaded, so it has no part in their search for slips.
 */
export function nearestWord(typed: string, words: readonly string[]): string {
  const shared = (word: string): number => {
    let length = 0;
    while (length < word.length && word[length] === typed[length]) length += 1;
    return length;
  };
  return words.toSorted((left, right) => shared(right) - shared(left))[0] ?? '';
}
