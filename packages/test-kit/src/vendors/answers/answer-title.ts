import type { SeenRequest } from '../wire/seen-request.ts';

const MAX_TITLE_WORDS = 6;
const MAX_TITLE_LENGTH = 60;

const wantsTitle =
  /\b(?:give|write|make|create|generate|suggest|answer|reply|respond|produce)\b[^.!?]*\btitles?\b/i;

/** Whether a lone question comes with a system prompt that asks for a title of a conversation. */
export function isTitleRequest({ system, turns }: SeenRequest): boolean {
  return turns.length === 1 && wantsTitle.test(system);
}

/** What the person said first: the line marked as theirs, else the first that introduces nothing. */
function openingOf(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const marked = lines.find((line) => /^\s*(?:user|human)\s*:/i.test(line));
  const plain = lines.find((line) => !/[:：]\s*$/u.test(line));
  return (marked ?? plain ?? '').replace(/^\s*(?:user|human)\s*:\s*/i, '').trim();
}

/** A title out of the first words of what the request shows. */
export function answerTitle({ turns }: SeenRequest): string {
  const opening = openingOf(turns.find(({ role }) => role === 'user')?.text ?? '');
  const [sentence = ''] = opening.replace(/[#*_`>"“”]/g, '').split(/[.!?。！？]/u);
  const words = sentence.trim().split(/\s+/).slice(0, MAX_TITLE_WORDS).join(' ');
  const title = words
    .slice(0, MAX_TITLE_LENGTH)
    .replace(/[,;:–-]+$/, '')
    .trim();
  return title === '' ? 'New conversation' : title.charAt(0).toUpperCase() + title.slice(1);
}
