import type { InheritedTurn } from '@mosaic/proto';

const approvals =
  /^(?:yes|yep|yeah|yup|ok(?:ay)?|sure|fine|great|perfect|good|nice|please do|do it|do that|go on|go ahead|go for it|continue|carry on|keep going|next|more|again|try again|retry|no|nope|right|exactly|correct|agreed|approved?|sounds good|looks good|lgtm|that works|proceed|thanks?(?: you)?|ja|nein|weiter|mach weiter|mach das|genau|gut|passt|danke|oui|non|continue[rz]?|d'accord|vas-y|merci|sí|si|vale|claro|sigue|continúa|gracias|va bene|certo|avanti|sim|да|нет|дальше|продолжай|хорошо|давай|спасибо|так|ні|далі|tak|nie|dalej|dobrze|zrób to|dzięki|nee|doe maar|ga door|graag|bedankt|grazie|não|obrigad[oa]|evet|hayır|devam(?: et)?|tamam|네|아니요|계속(?:해 ?줘)?|좋아요|是的?|对|好|好的|可以|行|继续写?|没问题|はい|続けて|お願いします)(?:[\s,，]+(?:please|bitte|do|do it|it|that|then|with|so|yes|sure|thanks|thank you|go on|go ahead|continue|proceed|both|all|looks good|sounds good|perfect|great|s'il vous plaît|per favore|por favor|proszę|doe maar|graag))*[\s.!?。！]*$/i;

const bareQuestions =
  /^(?:(?:but |and |so )?(?:why|how|when|where|who|which one|which)(?: not| so| come| is that| that| exactly)?|really|are you sure|is (?:that|this|it) (?:right|correct|true|all)|what else|anything else|any others?|like what|such as|for example|what do you mean(?: by that)?|meaning|then what|so what|and then|what now|warum|wieso|wirklich|und dann|was noch|pourquoi|vraiment|et ensuite|por qué|de verdad|y luego|sources|quellen|dlaczego|czemu|waarom|perché|por quê|почему|чому|neden|varför|왜|为什么|真的吗|还有吗|然后呢|什么意思|なぜ|本当)[^\p{L}\p{N}]*$/iu;

/** Only what was said before gives these a meaning. */
const leaning =
  /(?<!\b(?:what time|how far|how late|how long|is|was|does) )\bit\b(?! (?:is|was)\b)|\bits\b|\bthis\b(?! (?:year|week|month|morning|evening|afternoon|time of)\b)|\bthese\b(?! days\b)|(?:^|\b(?:is|was|do|does|did|about|like|for|of|with|in|on|to|from|explain|fix|change|make|why|how|mean|put|and|but|not|than|try|use|after|before) )that\b(?= |\W|$)|\b(?:them|those|they|he|she|him)\b|\b(?:is|was|does|how does|what does) it (?:work|mean|do|cost|take|matter|apply|handle|use|run|so|look|compile|safe|correct|better|faster)\b|\b(?:the|that|this|which|each|first|second|third|last|other|next|better|cheaper) ones?\b|\bthe (?:first|second|third|fourth|last|other|next|previous|former|latter|above|same|result|answer|rest|output)\b(?! (?:\w+ )?(?:war|world|king|queen|president|person|man|woman|human|country|time|century|emperor|day|name|title|year)\b)|\byour (?:answer|code|last|previous|first|solution|version|suggestion|response|plan|list)\b|\b(?:step|point|option|line|item|part|example) (?:\d+|[a-d]|one|two|three)\b|\b(?:above|earlier|again|instead)\b|\byou (?:said|wrote|gave|mentioned|suggested)\b|\b(?:davon|dazu|de[nmrs] (?:ersten|zweiten|letzten)|cela|ça|celui|eso|esto|el segundo|la segunda)\b|[它这那其]|第[一二三四五]/i;

/** Said of an answer that is there already. */
const reshaping =
  /^(?:(?:ok(?:ay)?|great|thanks|nice|good|no|yes|please|now|and|but|und|jetzt|bitte|et|y|ahora|maintenant),? +)*(?:(?:a (?:bit|little) |even |much |in |make it |make that |keep it |mach (?:es|das) |plus |más |more )?(?:shorter|longer|simpler|clearer|briefer|funnier|faster|smaller|bigger|nicer|better|stronger|cheaper|less \w+|more \w+|fewer \w+|formal|concise|kürzer|länger|einfacher|genauer|ausführlicher|court|long|simple|corto|largo|formel|formal)|(?:the )?same (?:for|with|but|in|thing)|what about|how about|what if|and (?:for|with|if|what|how|in|the|now|also)|another|one more|two more|more (?:of|like|examples?|details?|ideas?)|some more|(?:as|in|into|with|without|using|for) |only |just |try |rephrase|reword|elaborate|expand|go deeper|too \w+\W*$|you (?:forgot|missed|left out)\b|(?:nope|no|still|wait|hmm?),? .{0,40}\b(?:red|broken|wrong|fails?|failing|the same)\b|explain (?:it )?like |(?:still |it's still )?(?:the )?same (?:error|problem|issue|result)|(?:do you have |are there |got )?any (?:other|more|better)\b|which (?:one )?(?:is|are|would be) (?:the )?(?:best|better|\w+est|most \w+)\W*$|be (?:more|less)|explain (?:more|that|further|again|why)|give me (?:more|another|an example|examples)|(?:add|remove|drop|change|fix|replace|include|use|swap|keep|put|move|rename|shorten|redo|revise|rewrite|undo) |und |was ist mit|wie wäre|noch (?:ein|mehr|mal)|nochmal|mit |ohne |auf |et |avec |sans |en |encore|y |con |sin |otra|krócej|dłużej|prościej|a teraz |jeszcze |korter|langer|en nu |nog |più |meno |ancora |e ora |mais |menos |agora |короче|проще|более |ещё |а теперь |kısalt|daha |şimdi |더 |이제 |다시 |再|更|太|换|短|简短|详细|详细一点|举个例子|那|还有|用|加|去掉|改成|もっと|短く)/i;

/** Begins something of its own, whatever it is about. */
const ownTask =
  /\b(?:write|create|build|implement|generate|draft|compose|design|develop|make|code|invent|prepare|plan)\b(?: me| us)? (?:a|an|some|two|three|four|five|\d+)\b(?! (?:bit|little|shorter|longer|simpler|better|different|new|second|third|similar|another|more|formal|funny|(?:\w+ )?(?:version|variant|one|ones)\b))|\b(?:translate|summari[sz]e|classify|categori[sz]e|extract|proofread|brainstorm|calculate|solve|prove|debug|research|review) (?!(?:again|further|more)\b)\w|\b(?:tell me|teach me|talk|explain|describe) (?:me |to me )?(?:about|what|how|the difference)\b|\bhelp me\b|\b(?:schreib|erstell|übersetz|fass|berechne)\w* (?!(?:es|das) (?:kürzer|länger|nochmal))|\b(?:écris|rédige|traduis|résume|escribe|redacta|traduce|resume)\b|写[一个篇段首]|翻译|总结|计算|编写|推荐/i;

/** The most words of a turn that only carries another on. */
const mostWords = 18;
/** In a longer sentence "it" mostly stands for something in the sentence itself. */
const mostLeaningWords = 12;

/** True for words that only approve of the turn before ("yes", "go on") and so stay with its model. */
export function isFollowUp(text: string): boolean {
  const words = text.trim();
  return words.length <= 60 && approvals.test(words);
}

/**
 * How a message carries on the turn before it, as far as its words tell; null when it begins
 * something of its own. Ask it only where there is a turn before.
 */
export function carriesOn(words: string): InheritedTurn['why'] | null {
  const text = words.replace(/^[\s¿¡]+/, '').trim();
  if (isFollowUp(text)) return 'approval';
  const count = text.match(/\p{Script=Han}{1,2}|[\p{L}\p{N}'’]+/gu)?.length ?? 0;
  if (count === 0 || count > mostWords || text.includes('\n')) return null;
  if (bareQuestions.test(text)) return 'follow-up';
  if (ownTask.test(text)) return null;
  if (reshaping.test(text)) return isWholeQuestion(text, count) ? null : 'follow-up';
  return count <= mostLeaningWords && leaning.test(text) ? 'follow-up' : null;
}

/** "In which year did the war end?" begins like an addition and leans on nothing. */
function isWholeQuestion(text: string, count: number): boolean {
  return count > 7 && /[?？]\s*$/.test(text) && !leaning.test(text) && !opensAddition.test(text);
}

const opensAddition = /^(?:and|but|what about|how about|what if|und|et|y|那|还有)/i;
