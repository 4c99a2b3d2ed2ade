/** A text with the words that were looked for marked, at their beginnings: "cat" marks "cats" too. */
export function Marked({ text, words }: { readonly text: string; readonly words: string }) {
  const wanted = words.match(/[\p{L}\p{N}]+/gu)?.filter((word) => word.length > 1) ?? [];
  if (wanted.length === 0) return text;
  const pattern = new RegExp(`(${wanted.join('|')})`, 'giu');
  return text.split(pattern).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one fixed text
      <mark key={index}>{part}</mark>
    ) : (
      part
    ),
  );
}
