import { MosaicError, type Turn } from '@mosaic/proto';

export const titleSystemPrompt =
  'You give conversations a title. Answer with the title alone: three to seven words in the language of the conversation, no quotation marks, no full stop.';

/** The router reads these words too, so they say plainly what is asked for: a summary. */
const request = 'Summarize the beginning of this conversation as a short title:';
const maxCharsPerTurn = 600;
const maxTitleChars = 80;

/** The opening of a conversation as a question for a title. */
export function titleQuestion(turns: readonly Turn[]): string {
  const lines = turns.slice(0, 4).flatMap((turn) => {
    if (turn.role === 'tool') return [];
    const text = turn.content
      .flatMap((part) => (part.type === 'text' ? [part.text] : []))
      .join(' ');
    return text === '' ? [] : [`${turn.role}: ${text.slice(0, maxCharsPerTurn)}`];
  });
  return [request, ...lines].join('\n\n');
}

/** Cleans what a model answered; `provider_failed` when nothing usable is left. */
export function titleFrom(answer: string): string {
  // Other programs show it too, and not all of them neutralise what moves a cursor or turns text round.
  const plain = answer.replaceAll(/(?!\n)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
  const line = plain.split('\n').find((one) => /\p{L}|\p{N}/u.test(one)) ?? '';
  const title = line
    .replace(/^(?:title|titel|titre|标题)\s*[::]\s*/i, '')
    .replace(/^[\s"'“”«»*#>_`-]+|[\s"'“”«»*_`.]+$/g, '');
  if (title === '') throw new MosaicError('provider_failed', 'The model gave no usable title.');
  return title.length <= maxTitleChars ? title : `${title.slice(0, maxTitleChars - 1)}…`;
}
