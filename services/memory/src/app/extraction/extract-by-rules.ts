import type { MemoryKind } from '@mosaic/proto';
import { ownSentences } from './sentences.ts';

/** Changes when the rules do; kept with what they found. */
export const rulesVersion = 'rules-1';

/** What one message may add; more is a text that was pasted. */
const mostFound = 5;
const mostChars = 500;

export interface Extracted {
  readonly kind: MemoryKind;
  readonly text: string;
  readonly confidence: number;
}

/** "Remember that …": what follows is to be remembered, whatever it is. */
const requests = [
  /^(?:please,?\s+)?(?:(?:can|could) you\s+)?(?:please\s+)?(?:remember|keep in mind|note|make a note|do(?: not|n[’']t) forget)(?:\s+that\s+|,?\s+please\s*[:,]\s*|\s*[:,]\s*|\s+(?=my\s|i\s|i[’']m\s|to (?:always|never)\s))(?<rest>.+)$/iu,
  /^(?:bitte\s+)?(?:merke?\s+dir|denke?\s+daran|vergiss\s+nicht|behalte?\s+im\s+kopf|notiere?(?:\s+dir)?)(?:\s+bitte)?(?:\s*,\s*dass\s+|\s+dass\s+|\s*[:,]\s*)(?<rest>.+)$/iu,
  /^(?:请|請)?(?:你)?(?:帮我|幫我|务必)?(?:记住|記住|记得|牢记|记下|不要忘记|别忘了|別忘了)[\s,:\uff0c\uff1a]*(?<rest>.+)$/u,
];

/** Sentences that say something worth keeping although nobody asked to remember it. */
const patterns: readonly { readonly kind: MemoryKind; readonly is: RegExp; confidence: number }[] =
  [
    {
      kind: 'fact',
      confidence: 0.9,
      is: /^(?:(?:hi|hello|hey|hallo|servus)\b[^,.!]{0,20}[,.!]?\s+)?(?:(?:[Mm]y name is|I am called|[Mm]ein Name ist|[Ii]ch hei(?:ß|ss)e)\s+\p{Lu}|(?:你好[,!\uff0c\uff01]?\s*)?(?:我叫|我的名字(?:是|叫))(?!什么|做|他|她|你))/iu,
    },
    {
      kind: 'preference',
      confidence: 0.8,
      is: /^(?:i\s+(?:(?:always|generally|usually|really|strongly|much)\s+)?prefer\s|my\s+(?:favou?rite|preferred)\s.+\s(?:is|are)\s|ich\s+bevorzuge\s|ich\s+ziehe\s.+\svor\b|mein(?:e|er|es)?\s+liebste[rsn]?\s.+\s(?:ist|sind)\s|我(?:更|比较|最)?(?:喜欢|偏好|偏爱|倾向于))/iu,
    },
    {
      kind: 'instruction',
      confidence: 0.8,
      is: /^(?:(?:please,?\s+)?(?:always|never(?!\s+mind)|from now on,?)\s+\p{L}+|(?:bitte\s+)?(?:ab\s+(?:jetzt|sofort)|von\s+nun\s+an|immer|nie(?:mals)?)\s+\p{L}+|(?:bitte\s+)?(?!(?:ich|du|er|sie|es|wir|ihr|man|das|dies|der|die|den|ein|eine|mein|meine|so|da|wie|wo|was|wer|noch|fast|auch|für)\s)\p{L}+e?\s+(?:mir\s+|bitte\s+|mich\s+)?(?:immer|nie|niemals|stets)\s+\p{L}+|(?:请|請)?(?:你)?(?:总是|總是|始终|永远|永遠|从现在起|从今以后|今后|以后)(?!是|在).+|(?:请|請)?(?:永远不要|绝对不要|绝不要|千万不要|千万别|以后不要|以后别).+)/iu,
    },
  ];

/** Something that has its time: a day, a date, an appointment. */
const hasDate =
  /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{2,4})?|\b(?:tomorrow|next (?:week|month|year|mon|tues|wednes|thurs|fri|satur|sun)\w*|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|morgen|nächste[nrs]? (?:woche|monat|jahr)|am (?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag))\b|明天|后天|下(?:周|个月|星期)|\d{1,2}月\d{1,2}[日号]/iu;

/**
 * What a message says by its form that is to be remembered: explicit requests, preferences, standing
 * instructions and the person's name, in English, German and Chinese. Nothing is guessed: what has none
 * of these forms is left to a model.
 */
export function extractByRules(text: string): readonly Extracted[] {
  const found = ownSentences(text).flatMap((sentence) => readSentence(sentence) ?? []);
  return found.slice(0, mostFound);
}

function readSentence(sentence: string): Extracted | undefined {
  if (sentence.length > mostChars) return undefined;
  for (const request of requests) {
    const rest = request.exec(sentence)?.groups?.['rest']?.trim();
    if (rest === undefined || rest.length < 2) continue;
    const said = rest.replace(/^to (?=always|never)/i, '');
    return { kind: kindOf(said), text: clean(said), confidence: 1 };
  }
  const pattern = patternOf(sentence);
  if (pattern === undefined) return undefined;
  return { kind: pattern.kind, text: clean(sentence), confidence: pattern.confidence };
}

/** What kind of memory a sentence is by its form; a fact where it says nothing of that. */
export function kindOf(sentence: string): MemoryKind {
  return patternOf(sentence)?.kind ?? (hasDate.test(sentence) ? 'event' : 'fact');
}

function patternOf(sentence: string) {
  return patterns.find(({ is }) => is.test(sentence));
}

/** Without the full stop, which says nothing, and without what moves a cursor or turns text round. */
function clean(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/[\s.!\u3002\uff01]+$/u, '')
    .trim();
}
