/** Alternatives of a regular expression, by language. */
type Words = Readonly<Record<string, string>>;

export const anyOf = (words: Words): string => `(?:${Object.values(words).join('|')})`;

/** What agrees, refuses or sends on. */
export const approvals: Words = {
  en: 'yes|yep|yeah|yup|ok(?:ay)?|sure|fine|great|perfect|good|nice|please do|do it|do that|go on|go ahead|go for it|continue|carry on|keep going|next|more|again|try again|retry|no|nope|right|exactly|correct|agreed|approved?|sounds good|looks good|lgtm|that works|proceed|thanks?(?: you)?',
  de: 'ja|nein|weiter|mach weiter|mach das|genau|gut|passt|danke',
  fr: "oui|non|continue[rz]?|d'accord|vas-y|merci",
  es: 'sí|si|vale|claro|sigue|continúa|gracias',
  it: 'va bene|certo|avanti|grazie',
  pt: 'sim|não|obrigad[oa]',
  ru: 'да|нет|дальше|продолжай|хорошо|давай|спасибо',
  uk: 'так|ні|далі',
  pl: 'tak|nie|dalej|dobrze|zrób to|dzięki',
  nl: 'nee|doe maar|ga door|graag|bedankt',
  tr: 'evet|hayır|devam(?: et)?|tamam',
  ko: '네|아니요|계속(?:해 ?줘)?|좋아요',
  zh: '是的?|对|好|好的|可以|行|继续写?|没问题',
  ja: 'はい|続けて|お願いします',
};

/** What may stand behind an approval. */
export const courtesies: Words = {
  en: 'please|do|do it|it|that|then|with|so|yes|sure|thanks|thank you|go on|go ahead|continue|proceed|both|all|looks good|sounds good|perfect|great',
  de: 'bitte',
  fr: "s'il vous plaît",
  es: 'por favor',
  it: 'per favore',
  pl: 'proszę',
  nl: 'doe maar|graag',
};

/** Questions that are about nothing but what was said before. */
export const bareQuestions: Words = {
  en: '(?:but |and |so )?(?:why|how|when|where|who|which one|which)(?: not| so| come| is that| that| exactly)?|really|are you sure|is (?:that|this|it) (?:right|correct|true|all)|what else|anything else|any others?|like what|such as|for example|what do you mean(?: by that)?|meaning|then what|so what|and then|what now|sources',
  de: 'warum|wieso|wirklich|und dann|was noch|quellen',
  fr: 'pourquoi|vraiment|et ensuite',
  es: 'por qué|de verdad|y luego',
  it: 'perché',
  pt: 'por quê',
  ru: 'почему',
  uk: 'чому',
  pl: 'dlaczego|czemu',
  nl: 'waarom',
  sv: 'varför',
  tr: 'neden',
  ko: '왜',
  zh: '为什么|真的吗|还有吗|然后呢|什么意思',
  ja: 'なぜ|本当',
};

/** What may stand before a wish about an answer. */
export const lead =
  '(?:ok(?:ay)?|great|thanks|nice|good|no|yes|please|now|and|but|und|jetzt|bitte|et|y|ahora|maintenant),? +';

/** How an answer shall be instead. */
const other =
  '(?:a (?:bit|little) |even |much |in |make it |make that |keep it |mach (?:es|das) |plus |más |more )?(?:shorter|longer|simpler|clearer|briefer|funnier|faster|smaller|bigger|nicer|better|stronger|cheaper|less \\w+|more \\w+|fewer \\w+|formal|concise|kürzer|länger|einfacher|genauer|ausführlicher|court|long|simple|corto|largo|formel|formal)';

/** Beginnings of wishes about an answer that is there already. */
export const reshaping: Words = {
  any: other,
  more: '(?:the )?same (?:for|with|but|in|thing)|what about|how about|what if|and (?:for|with|if|what|how|in|the|now|also)|another|one more|two more|more (?:of|like|examples?|details?|ideas?)|some more|(?:do you have |are there |got )?any (?:other|more|better)\\b|give me (?:more|another|an example|examples)|be (?:more|less)|explain (?:more|that|further|again|why)|explain (?:it )?like |rephrase|reword|elaborate|expand|go deeper',
  wrong:
    "too \\w+\\W*$|you (?:forgot|missed|left out)\\b|(?:nope|no|still|wait|hmm?),? .{0,40}\\b(?:red|broken|wrong|fails?|failing|the same)\\b|(?:still |it's still )?(?:the )?same (?:error|problem|issue|result)",
  change:
    '(?:as|in|into|with|without|using|for) |only |just |try |(?:add|remove|drop|change|fix|replace|include|use|swap|keep|put|move|rename|shorten|redo|revise|rewrite|undo) |which (?:one )?(?:is|are|would be) (?:the )?(?:best|better|\\w+est|most \\w+)\\W*$',
  de: 'und |was ist mit|wie wäre|noch (?:ein|mehr|mal)|nochmal|mit |ohne |auf ',
  fr: 'et |avec |sans |en |encore',
  es: 'y |con |sin |otra',
  it: 'più |meno |ancora |e ora ',
  pt: 'mais |menos |agora ',
  ru: 'короче|проще|более |ещё |а теперь ',
  pl: 'krócej|dłużej|prościej|a teraz |jeszcze ',
  nl: 'korter|langer|en nu |nog ',
  tr: 'kısalt|daha |şimdi ',
  ko: '더 |이제 |다시 ',
  zh: '再|更|太|换|短|简短|详细|详细一点|举个例子|那|还有|用|加|去掉|改成',
  ja: 'もっと|短く',
};
