/** Scripts that name their language well enough for routing. */
const scripts: readonly (readonly [string, RegExp])[] = [
  ['ja', /[\u3040-\u30ff]/],
  ['zh', /[\u4e00-\u9fff]/],
  ['ko', /[\uac00-\ud7af]/],
  ['ru', /[\u0400-\u04ff]/],
  ['ar', /[\u0600-\u06ff]/],
  ['he', /[\u0590-\u05ff]/],
  ['el', /[\u0370-\u03ff]/],
  ['hi', /[\u0900-\u097f]/],
];

/** The commonest small words of languages in Latin script. */
const smallWords: Readonly<Record<string, readonly string[]>> = {
  en: ['the', 'is', 'and', 'to', 'of', 'a', 'in', 'what', 'how', 'for', 'this', 'my', 'me'],
  de: ['der', 'die', 'das', 'und', 'ist', 'ein', 'eine', 'ich', 'nicht', 'wie', 'mir', 'für'],
  fr: ['le', 'la', 'les', 'et', 'est', 'une', 'des', 'je', 'pas', 'pour', 'comment', 'dans'],
  es: ['el', 'los', 'y', 'es', 'una', 'que', 'por', 'para', 'cómo', 'qué', 'con', 'mi'],
  it: ['il', 'gli', 'è', 'una', 'che', 'per', 'come', 'con', 'sono', 'di', 'mi', 'questo'],
  pt: ['o', 'os', 'é', 'uma', 'que', 'não', 'para', 'como', 'com', 'meu', 'isso', 'em'],
};

/** The languages of each small word, by their place in the list above. */
const languagesOf = new Map<string, number[]>();
for (const [place, small] of Object.values(smallWords).entries()) {
  for (const word of small) languagesOf.set(word, [...(languagesOf.get(word) ?? []), place]);
}

/** ISO 639-1 code of the language a text is mostly written in, or `und`. */
export function detectLanguage(text: string): string {
  const script = scripts.find(([, pattern]) => pattern.test(text));
  if (script !== undefined) return script[0];
  const counts = Object.keys(smallWords).map(() => 0);
  for (const word of text
    .slice(0, 2_000)
    .toLowerCase()
    .match(/\p{L}+/gu) ?? []) {
    for (const place of languagesOf.get(word) ?? []) counts[place] = (counts[place] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  return most === 0 ? 'und' : (Object.keys(smallWords)[counts.indexOf(most)] ?? 'und');
}
