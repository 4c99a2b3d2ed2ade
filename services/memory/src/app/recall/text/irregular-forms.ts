/** English forms that no stemmer brings together: the base first. */
const families = `go went gone goes|make made|take took taken|get got gotten|see saw seen|come came|give gave given|find found|think thought|tell told|become became|leave left|feel felt|bring brought|begin began begun|keep kept|hold held|write wrote written|stand stood|hear heard|mean meant|meet met|run ran|pay paid|sit sat|speak spoke spoken|lead led|grow grew grown|lose lost|fall fell fallen|send sent|build built|understand understood|draw drew drawn|break broke broken|spend spent|rise rose risen|drive drove driven|buy bought|wear wore worn|choose chose chosen|eat ate eaten|teach taught|catch caught|sell sold|sleep slept|swim swam swum|sing sang sung|ride rode ridden|fly flew flown|win won|know knew known|show shown|fight fought|seek sought|throw threw thrown|forget forgot forgotten|steal stole stolen|hide hid hidden|bite bit bitten|shake shook shaken|wake woke woken|drink drank drunk|ring rang rung|feed fed|dig dug|light lit|shoot shot|child children kid kids|man men|woman women|person people|foot feet|tooth teeth|mouse mice|goose geese|wife wives|life lives|knife knives|leaf leaves|wolf wolves|half halves|mom mother mum|dad father|picture pic pics pictures photo photos|bike bicycle|television tv|movie film|advise advice|decide decision|choose choice`;

const bases = new Map(
  families.split('|').flatMap((family) => {
    const [base = '', ...forms] = family.split(' ');
    return forms.map((form) => [form, base] as const);
  }),
);

/** The base of an irregular English form or a common short one; other words as they are. */
export function regularForm(word: string): string {
  return bases.get(word) ?? word;
}
