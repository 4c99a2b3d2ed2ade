/** Scripts that name their language, in this order: Japanese is written with Chinese signs too. */
const scripts: readonly (readonly [string, RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['zh', /\p{Script=Han}/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['uk', /[іїєґІЇЄҐ]/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['hy', /\p{Script=Armenian}/gu],
];

/** The commonest small words of languages in Latin script; those of two languages count for both. */
export const smallWords: Readonly<Record<string, string>> = {
  en: 'the is and to of a in it you that for my me i was what how with have this are not be on do at so but your we',
  de: 'der die das und ist ein eine ich nicht wie mir für mit auf den dem zu es war habe mein meine von im auch was wo wir sich hat',
  fr: 'le la les et est une des je pas pour dans que un du en mon ma ne il elle nous vous avec ce qui sur où au quel quelle',
  es: 'el los las y es una que por para con mi no en un de la lo me se del cómo qué su yo muy cuándo dónde tengo',
  it: 'il gli è una che per come con sono di mi non un la lo le ho del nel questo mio mia dove quando anche',
  pt: 'o os é uma que não para como com meu minha em um de da do eu na no se mais você onde quando tenho',
  nl: 'de het een en is van ik niet dat met voor op te zijn mijn wat er aan ook maar waar heb naar wij',
  sv: 'och att det är en jag inte som på för med av den har till min mitt vad var hur ett om vi',
  da: 'og at det er en jeg ikke som på for med af den har til min mit hvad hvor et om vi ikke også',
  no: 'og at det er en jeg ikke som på for med av den har til min mitt hva hvor et om vi også',
  fi: 'ja on ei se että minä oli en ovat mutta niin kuin minun mikä missä kun tämä myös olen',
  hu: 'a az és hogy nem is egy van én meg mi hol mikor volt ez de csak már vagyok',
  ro: 'și este nu în la cu o un pe că mai care sunt am din pentru eu mea meu unde când',
  tr: 've bir bu ne için de da ben çok mi mı değil ile var benim nerede olarak gibi daha',
  id: 'yang dan di ini itu saya tidak untuk dengan ke dari apa ada adalah akan kami di mana',
  pl: 'i w nie na się że jest to do z jak co mój moja gdzie kiedy czy jestem mam ale',
  cs: 'a je se na že to v jsem co jak kde kdy můj moje není ale tak mám pro',
};

const wordSets = Object.entries(smallWords).map(
  ([language, words]) => [language, new Set(words.split(' '))] as const,
);
const latinWord = /\p{Script=Latin}[\p{Script=Latin}\p{M}]*/gu;
/** A part of the letters; a name in another script does not change the language of a text. */
const enough = 0.3;
const readCharacters = 2_000;

/** ISO 639-1 code of the language in which most of a text is written, or `und`. */
export function detectLanguage(text: string): string {
  const beginning = text.slice(0, readCharacters);
  const letters = beginning.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return 'und';
  for (const [language, pattern] of scripts) {
    const share = (beginning.match(pattern)?.length ?? 0) / letters;
    if (share >= (language === 'ja' || language === 'uk' ? 0.03 : enough)) return language;
  }
  const words = beginning.toLowerCase().match(latinWord) ?? [];
  let best = 'und';
  let most = 0;
  for (const [language, small] of wordSets) {
    const count = words.filter((word) => small.has(word)).length;
    if (count > most) [best, most] = [language, count];
  }
  return best;
}
