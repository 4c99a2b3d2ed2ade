import { createHash } from 'node:crypto';

/** Words that change nothing about what a memory says: articles, copulas, and who the person is. */
const emptyWords = new Set(
  [
    'a an the i me my mine myself user users is are am be that this please s m',
    'der die das den dem des ein eine einen einem einer eines ich mein meine meinen meinem meiner',
    'meines mir mich ist sind bin dass bitte nutzer nutzers benutzer benutzers',
    '我 的 是 请 用 户',
  ].flatMap((line) => line.split(' ')),
);

const wordOrLetter =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\s\p{P}\p{S}]/gu;

/**
 * What two memories share that say the same: the words that carry meaning, in their order, without
 * case, punctuation and the `s` of plurals and verbs. The order stays, and so does every number and
 * name: "flies from Rome to Oslo" is not "flies from Oslo to Rome", and a memory that differs in one
 * word of meaning is never taken for one that is there already.
 */
export function fingerprintOf(text: string): string {
  const words = meaningfulWords(text);
  // A text of nothing else ("who am I") stands for itself.
  const said = words.length === 0 ? text.trim() : words.join(' ');
  return createHash('sha256').update(said).digest('base64url');
}

export function meaningfulWords(text: string): readonly string[] {
  const plain = text.normalize('NFKC').replaceAll(/['’]/g, ' ');
  return (
    [...plain.matchAll(wordOrLetter)]
      // The first word is written large whether it is a name or not, so it stays whole.
      .map(([word], index) => (index === 0 ? word : stem(word)).toLowerCase())
      .filter((word) => !emptyWords.has(word))
  );
}

/** "prefers" and "prefer", "cats" and "cat"; not "glass", no number, and no name ("Hans", "Han"). */
function stem(word: string): string {
  return /^[a-z]{2,}[^su]s$/.test(word) ? word.slice(0, -1) : word;
}
