import type { FoundMemory } from '@mosaic/proto';
import { meaningfulWords } from '../memories/fingerprint.ts';

/** Below it a model itself doubts. */
const leastConfidence = 0.5;
/** Share of words that a memory has in common with what is said to be no longer so. */
const leastLikeness = 0.5;

/** Signs of the first person, or of a wish for good, in the languages that most people write. */
const personal =
  /\b(?:i|i'm|i’m|i've|my|mine|me|we|our|always|never|remember|from now on|ich|mein(?:e[rmns]?)?|mir|mich|wir|unser\w*|immer|nie(?:mals)?|merk\w*|je|j'ai|j’ai|mon|ma|mes|nous|notre|toujours|jamais|yo|mi|mis|soy|tengo|siempre|nunca|io|mio|mia|sono|sempre|mai|eu|meu|minha|ik|mijn|altijd|nooit|ja|mój|moja|jestem)\b|[我咱俺]|私|僕|俺|나는|내|저는|(?:^|\P{L})(?:я|мой|моя|мне|меня|мы|всегда|никогда)(?!\p{L})/iu;

/**
 * Whether a question can say anything about the person at all. Most questions don't, and asking a model
 * about each of them would cost more than what is found.
 */
export function isPersonal(question: string): boolean {
  return question.trim().length >= 8 && personal.test(question);
}

/**
 * What of the found is worth keeping: said with confidence, and with words of the person's own question.
 * A model that takes something from elsewhere (from the answer, from its own head) finds it dropped.
 */
export function keepFound(question: string, found: readonly FoundMemory[]): readonly FoundMemory[] {
  const said = new Set(meaningfulWords(question));
  return found.filter(
    ({ confidence, text }) =>
      confidence >= leastConfidence &&
      meaningfulWords(text).some((word) => said.has(word) && isTelling(word)),
  );
}

/** Not "in", "to", "at"; each Chinese character is a word of its own. */
function isTelling(word: string): boolean {
  return word.length > 2 || /[^\p{Script=Latin}]/u.test(word);
}

/** The memory that is most like what is said to be no longer so; undefined when none is like it. */
export function findReplaced<Known extends { readonly text: string }>(
  replaces: string,
  known: readonly Known[],
): Known | undefined {
  const wanted = new Set(meaningfulWords(replaces));
  const rated = known.map((one) => ({ one, likeness: likeness(wanted, one.text) }));
  const best = rated.sort((left, right) => right.likeness - left.likeness)[0];
  return best !== undefined && best.likeness >= leastLikeness ? best.one : undefined;
}

function likeness(wanted: ReadonlySet<string>, text: string): number {
  const words = new Set(meaningfulWords(text));
  const shared = [...words].filter((word) => wanted.has(word)).length;
  const all = words.size + wanted.size - shared;
  return all === 0 ? 0 : shared / all;
}
