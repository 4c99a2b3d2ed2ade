/** A slip in about every sixth word of four letters and more: swapped, left out, doubled. */
export function mistype(prompt: string, random: () => number): string {
  return prompt.replace(/\p{L}{4,}/gu, (word) => {
    if (random() > 1 / 6) return word;
    const at = 1 + Math.floor(random() * (word.length - 2));
    const [before, here, next] = [word.slice(0, at), word.charAt(at), word.charAt(at + 1)];
    const kind = random();
    if (kind < 0.5) return `${before}${next}${here}${word.slice(at + 2)}`;
    return kind < 0.8 ? `${before}${word.slice(at + 1)}` : `${before}${here}${word.slice(at)}`;
  });
}
