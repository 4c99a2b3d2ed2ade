import type { PassageMarks } from './passage.ts';

const digit =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|twice|once)\b/iu;
/** A capital within a sentence: a name, in most languages. */
const name = /[\p{Ll},;]\s+(?!I\b)\p{Lu}\p{L}+/u;
const time =
  /\b(?:yesterday|today|tonight|tomorrow|last|next|ago|week(?:s|end)?|months?|years?|since|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december)\b|\b(?:19|20)\d{2}\b|[昨今明]天|[昨今明]日|[年月]/iu;
const standing =
  /(?:^|[.!?\n]\s*)(?:please )?(?:always|never|don't ever)\b|\bwhen(?:ever)? i ask\b|\bfrom now on\b|\bremember (?:that|to)\b|(?:^|[.!?\n]\s*)(?:bitte )?(?:immer|niemals|ab jetzt|merk dir)\b|\b(?:toujours|jamais|siempre|nunca)\b|以后|总是|请记住|覚えて/iu;
const preference =
  /\b(?:i(?:'d| would| really| also)? (?:prefer|rather)|i (?:really |also )?(?:like|love|enjoy|hate|dislike|value)|my preference|favou?rite|i(?:'m| am) (?:more )?(?:comfortable|into|a fan)|ich (?:bevorzuge|mag|liebe|hasse)|lieblings\w*|je préfère|prefiero)\b|我喜欢|我更喜欢|好き/iu;
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
    isStanding: standing.test(text),
    isPreference: preference.test(text),
    isFirstPerson: firstPerson.test(text),
  };
}
