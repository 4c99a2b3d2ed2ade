import type { InheritedTurn } from '@mosaic/proto';
import { anyOf, approvals, bareQuestions, courtesies, lead, reshaping } from './follow-up-words.ts';

const approval = new RegExp(
  `^${anyOf(approvals)}(?:[\\s,，]+${anyOf(courtesies)})*[\\s.!?。！]*$`,
  'i',
);
const bareQuestion = new RegExp(`^${anyOf(bareQuestions)}[^\\p{L}\\p{N}]*$`, 'iu');

/** Only what was said before gives these a meaning. */
const leaning =
  /(?<!\b(?:what time|how far|how late|how long|is|was|does) )\bit\b(?! (?:is|was)\b)|\bits\b|\bthis\b(?! (?:year|week|month|morning|evening|afternoon|time of)\b)|\bthese\b(?! days\b)|(?:^|\b(?:is|was|do|does|did|about|like|for|of|with|in|on|to|from|explain|fix|change|make|why|how|mean|put|and|but|not|than|try|use|after|before) )that\b(?= |\W|$)|\b(?:them|those|they|he|she|him)\b|\b(?:is|was|does|how does|what does) it (?:work|mean|do|cost|take|matter|apply|handle|use|run|so|look|compile|safe|correct|better|faster)\b|\b(?:the|that|this|which|each|first|second|third|last|other|next|better|cheaper) ones?\b|\bthe (?:first|second|third|fourth|last|other|next|previous|former|latter|above|same|result|answer|rest|output)\b(?! (?:\w+ )?(?:war|world|king|queen|president|person|man|woman|human|country|time|century|emperor|day|name|title|year)\b)|\byour (?:answer|code|last|previous|first|solution|version|suggestion|response|plan|list)\b|\b(?:step|point|option|line|item|part|example) (?:\d+|[a-d]|one|two|three)\b|\b(?:above|earlier|again|instead)\b|\byou (?:said|wrote|gave|mentioned|suggested)\b|\b(?:davon|dazu|de[nmrs] (?:ersten|zweiten|letzten)|cela|ça|celui|eso|esto|el segundo|la segunda)\b|[它这那其]|第[一二三四五]/i;

/** Said of an answer that is there already. */
const reshapes = new RegExp(`^(?:${lead})*${anyOf(reshaping)}`, 'i');

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
  return words.length <= 60 && approval.test(words);
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
  if (bareQuestion.test(text)) return 'follow-up';
  if (ownTask.test(text)) return null;
  if (reshapes.test(text)) return isWholeQuestion(text, count) ? null : 'follow-up';
  return count <= mostLeaningWords && leaning.test(text) ? 'follow-up' : null;
}

/** "In which year did the war end?" begins like an addition and leans on nothing. */
function isWholeQuestion(text: string, count: number): boolean {
  return count > 7 && /[?？]\s*$/.test(text) && !leaning.test(text) && !opensAddition.test(text);
}

const opensAddition = /^(?:and|but|what about|how about|what if|und|et|y|那|还有)/i;
