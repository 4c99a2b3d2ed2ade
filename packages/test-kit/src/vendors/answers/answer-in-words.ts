import type { SeenRequest } from '../wire/seen-request.ts';
import { sampleCode } from './sample-code.ts';

const MAX_QUOTED = 400;

function quote(text: string): string {
  const shown = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
  return shown.replace(/^/gm, '> ');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function describeShown({ turns, system, tools }: SeenRequest): string {
  const count = (role: string) => turns.filter((turn) => turn.role === role).length;
  const parts = [
    `${plural(turns.length, 'turn')} (${count('user')} from you, ${count('assistant')} from the assistant)`,
    system === '' ? 'no system prompt' : `a system prompt of ${system.length} characters`,
    tools.length === 0 ? 'no tools' : `${plural(tools.length, 'tool')}`,
  ];
  return `_I was shown ${parts.join(', ')}._`;
}

/** Lists what a system prompt says it knows of the user: its lines that are list items. */
function listKnown(system: string): readonly string[] {
  if (!/remember|memor|know|preference/i.test(system)) return [];
  return system.split('\n').filter((line) => /^\s*[-*•]\s+\S/.test(line));
}

function recall({ turns, system }: SeenRequest): string {
  const earlier = turns.filter(({ role }) => role === 'user').slice(0, -1);
  const known = listKnown(system);
  if (earlier.length === 0 && known.length === 0) {
    return 'This is the first message I was shown: there is nothing earlier to repeat.';
  }
  const said = earlier.map(({ text }, index) => `${index + 1}. ${text.replaceAll('\n', ' ')}`);
  return [
    ...(said.length > 0 ? [`Earlier in this conversation you said:\n\n${said.join('\n')}`] : []),
    ...(known.length > 0 ? [`What I was told about you:\n\n${known.join('\n')}`] : []),
  ].join('\n\n');
}

/** A log is one sentence without an end: told whole it would be written for a quarter of an hour. */
const maxSentenceChars = 300;

function firstSentence(paragraph: string): string {
  const begin = paragraph.slice(0, maxSentenceChars).toWellFormed();
  const sentence = /^[\s\S]*?[.!?。！？](?=\s|$|[^\p{ASCII}])/u.exec(begin)?.[0];
  return sentence ?? (begin.length < paragraph.length ? `${begin} …` : begin);
}

function summarise(text: string): string {
  const sentences = text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `- ${firstSentence(paragraph).replaceAll('\n', ' ')}`);
  return `**Summary** (the first sentence of each paragraph):\n\n${sentences.join('\n')}`;
}

const asksToRecall =
  /\b(?:what did i|did i (?:say|tell|mention)|do you (?:remember|know|recall)|remind me|what(?:'s| is| are) my|who am i|earlier|previous(?:ly)?)\b|我说过|记得/iu;
const asksForSummary = /\bsummar(?:y|i[sz]e)|\btl;?dr\b|总结|摘要/iu;
const asksForCode =
  /\b(?:code|function|class|program|script|implement|refactor|regex|sql|algorithm|typescript|javascript|python|rust|golang)\b|代码|函数/iu;

function answerBody(request: SeenRequest, question: string): string {
  if (asksToRecall.test(question)) return recall(request);
  if (asksForSummary.test(question) || asksForSummary.test(request.system)) {
    return summarise(question);
  }
  const asked = `You asked:\n\n${quote(question)}`;
  if (asksForCode.test(question)) return `${asked}\n\n${sampleCode(question)}`;
  const turnNumber = request.turns.filter(({ role }) => role === 'user').length;
  return `${asked}\n\nA real model would answer here. This is message **${turnNumber}** from you in this conversation; ask *"what did I say?"* to see that the earlier ones arrive.`;
}

/** An answer made from nothing but the request, in Markdown. */
export function answerInWords(request: SeenRequest): string {
  const question = request.turns.findLast(({ role }) => role === 'user')?.text ?? '';
  return `${answerBody(request, question)}\n\n${describeShown(request)}`;
}
