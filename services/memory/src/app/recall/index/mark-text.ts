import type { PassageMarks } from './passage.ts';

const digit =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|twice|once)\b/iu;
/** A capital within a sentence: a name, in most languages. */
const name = /[\p{Ll},;]\s+(?!I\b)\p{Lu}\p{L}+/u;
const time =
  /\b(?:yesterday|today|tonight|tomorrow|last|next|ago|week(?:s|end)?|months?|years?|since|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december)\b|\b(?:19|20)\d{2}\b|[昨今明]天|[昨今明]日|[年月]/iu;
const instruction =
  /\b(?:always|never|from now on|make sure|please (?:remember|use|include|keep|provide|avoid|don't)|i(?:'d| would)? prefer|i (?:want|like|need) you to|i(?:'d| would) (?:like|rather)|when(?:ever)? i ask|remember (?:that|to)|immer|niemals|bitte merk|ich bevorzuge|toujours|jamais|siempre|nunca)\b|请|以后|总是/iu;
const firstPerson =
  /\b(?:i|i'm|i've|i'd|my|me|mine|we|our|ich|mein|meine|mir|je|mon|ma|mes|yo|mi)\b|我|私/iu;

/** Looks at a text once, when it comes into an index. */
export function markText(text: string, words: number): PassageMarks {
  return {
    words,
    hasQuestion: /[?？]/.test(text),
    hasNumber: digit.test(text),
    hasName: name.test(text),
    hasTime: time.test(text),
    isInstruction: instruction.test(text),
    isFirstPerson: firstPerson.test(text),
  };
}
