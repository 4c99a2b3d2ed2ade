const greeting =
  /^\s*(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|dear \w+|greetings|hallo|guten (?:tag|morgen|abend)|bonjour|salut|hola|buenos días|ciao|olá|你好|您好)(?: (?:there|all|everyone|friend|team|claude|chatgpt|gpt|assistant|bot))?\s*[!,.:;\n。，！-]+\s*/i;
const thanks =
  /(?<=[.!?。！？)\n"”'`])\s*(?:(?:many )?thanks?(?: you)?(?: (?:so|very) much| in advance| a lot)?(?: for (?:your|the|any) help)?|thx|cheers|danke(?: schön)?|vielen dank|merci|gracias|谢谢)[\s.!。！]*$/i;
/** Without a full stop in front only what nobody asks about: "how do you say thank you" stays. */
const looseThanks =
  /(?<=\s)(?<!(?:say|saying|mean|means|for|of|word|write|spell|translate|:)\s)(?:(?:many )?thanks?(?: you)? (?:(?:so|very) much|in advance|a lot|for (?:your|the|any) help)|vielen dank|danke schön)[\s.!]*$/i;
const method =
  /(?<=[.!?。！？)\n"”'`]|\s)\s*(?:please )?(?:let'?s |let us )?(?:think|work|reason|go)(?: (?:about|through) (?:it|this))?,? (?:step by step|carefully|hard|slowly|it through)[\s.!]*$/i;
const methodFirst =
  /^\s*(?:please )?(?:let'?s )?think (?:step by step|carefully|hard)\s*[.:!,]\s*/i;

/** Fewer words than this are left as they are: then the courtesy may be all there is. */
const fewestWords = 2;

/** Takes greetings, thanks and "think step by step" off a request: they say nothing of its task. */
export function stripCourtesy(text: string): string {
  const tail = text.slice(-160);
  const withoutThanks = (one: string) => one.replace(thanks, '').replace(looseThanks, '');
  const bare = withoutThanks(withoutThanks(tail).replace(method, ''));
  const body = (text.slice(0, Math.max(0, text.length - 160)) + bare)
    .replace(greeting, '')
    .replace(methodFirst, '')
    .trim();
  return hasWords(body) || (body.length >= 4 && /\p{Script=Han}/u.test(body)) ? body : text;
}

const word = /[\p{L}\p{N}]+|\p{Script=Han}/gu;

/** Whether there are enough words; those behind need not be counted. */
function hasWords(body: string): boolean {
  word.lastIndex = 0;
  let words = 0;
  while (words < fewestWords && word.test(body)) words += 1;
  return words === fewestWords;
}
