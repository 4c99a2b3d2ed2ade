/** Only the beginning of a long message is read: what follows is pasted more often than meant. */
const mostChars = 4_000;
const mostSentences = 30;

/** Ends that are none: "Dr. Weber", "z. B. so". */
const endOfSentence =
  /(?<=[.!?])(?<!\b(?:dr|mr|mrs|ms|prof|st|no|nr|vs|ca|approx|e\.g|i\.e|z\.|z\. b|d\.|d\. h)\.)\s+|(?<=[\u3002\uff01\uff1f\uff1b])|\n+/iu;

/**
 * What a person says in a message, sentence by sentence: without code and without quoted lines, which
 * are somebody else's words. Questions are left out.
 */
export function ownSentences(text: string): readonly string[] {
  const said = text
    .slice(0, mostChars)
    .replaceAll(/```[\s\S]*?(?:```|$)/g, '\n')
    .replaceAll(/^\s*>.*$/gm, '')
    .replaceAll(/^\s*(?:[-*•]|\d+[.)])\s+/gm, '');
  return said
    .split(endOfSentence)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '' && !/[?\uff1f][\s"'”»)]*$/.test(sentence))
    .slice(0, mostSentences);
}
