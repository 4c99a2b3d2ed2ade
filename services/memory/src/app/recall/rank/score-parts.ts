/** What each kind of evidence adds to a score, for "why this memory"; logarithmic, so that they add up. */
export type ScoreParts = Readonly<Record<string, number>>;

const partNames: Readonly<Record<string, readonly string[]>> = {
  words: ['own', 'ownMax', 'soft', 'coverage', 'softCover', 'pair', 'name', 'feedback', 'unit'],
  nearby: [
    ...['before', 'after', 'before2', 'after2', 'near', 'softBefore', 'softAfter', 'answers'],
    ...[
      'window2',
      'window3',
      'window5',
      'window9',
      'afterQuestion',
      'meaningAround',
      'meaningAroundMax',
    ],
  ],
  conversation: ['talk', 'talkMax', 'talkBest'],
  meaning: ['meaning', 'meaningMax', 'meaningSpecial', 'meaningSpecialMax', 'embedding'],
  time: ['date', 'dateMentioned', 'timeAsked', 'recency', 'recencyNamed', 'placeInTalk', 'hasTime'],
  who: [
    ...['speaker', 'speakerOwn', 'otherSpeaker', 'assistant', 'assistantOwn', 'assistantAsked'],
    ...['selfAsked', 'helpUser', 'firstPerson'],
  ],
  wishes: [
    ...['standing', 'standingAsked', 'standingSoft'],
    ...['preference', 'preferenceAsked', 'preferenceSoft'],
  ],
};
const partOfColumn = new Map(
  Object.entries(partNames).flatMap(([part, columns]) => columns.map((name) => [name, part])),
);

/** The part that a column of the ranker belongs to; `form` is length, questions and the like. */
export function partOf(column: string): string {
  return partOfColumn.get(column) ?? 'form';
}
