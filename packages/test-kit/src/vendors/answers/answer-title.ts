import type { SeenRequest } from '../wire/seen-request.ts';

const MAX_TITLE_WORDS = 6;
const MAX_TITLE_LENGTH = 60;

/** Whether the system prompt asks for a title of a conversation. */
export function isTitleRequest({ system }: SeenRequest): boolean {
  return /\btitles?\b/i.test(system);
}

/** A title out of the first words of what the request shows. */
export function answerTitle({ turns }: SeenRequest): string {
  const text = turns.find(({ role }) => role === 'user')?.text ?? '';
  const spoken = text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:user|human|assistant)\s*:\s*/i, '').trim())
    .find((line) => line !== '');
  const [sentence = ''] = (spoken ?? '').replace(/[#*_`>"“”]/g, '').split(/[.!?。！？]/u);
  const words = sentence.trim().split(/\s+/).slice(0, MAX_TITLE_WORDS).join(' ');
  const title = words
    .slice(0, MAX_TITLE_LENGTH)
    .replace(/[,;:–-]+$/, '')
    .trim();
  return title === '' ? 'New conversation' : title.charAt(0).toUpperCase() + title.slice(1);
}
