/** The candidate with the fewest edits to `name`, when it is near enough to be a slip of the hand. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase().slice(0, 80);
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance);
  const best = ranked[0];
  if (best === undefined) return undefined;
  return best.distance <= Math.ceil(best.candidate.length / 2) ? best.candidate : undefined;
}

/** Levenshtein distance, keeping one row of the table. */
function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let index = 0; index < left.length; index += 1) {
    const row = [index + 1];
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = (above[column - 1] ?? 0) + (left[index] === right[column - 1] ? 0 : 1);
      row.push(Math.min(substitution, (above[column] ?? 0) + 1, (row[column - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}
