/** One line of a picker. */
export interface Option {
  readonly value: string;
  readonly label: string;
  readonly detail: string;
  /** Why it can't be chosen now; null when it can. */
  readonly problem: string | null;
}

/** Options in which every word of the query occurs, in their own order. */
export function filterOptions(options: readonly Option[], query: string): readonly Option[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ value, label, detail }) => {
    const text = `${value} ${label} ${detail}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The next index that can be chosen, going round; the same one when there is no other. */
export function stepTo(options: readonly Option[], from: number, by: 1 | -1): number {
  for (let count = 1; count <= options.length; count += 1) {
    const index = (from + by * count + options.length * 2) % options.length;
    if (options[index]?.problem === null) return index;
  }
  return from;
}
