import type { ChannelCapabilities, EventOfType } from '@mosaic/proto';

type EndOfTurn = EventOfType<'turn.completed' | 'turn.failed' | 'turn.cancelled'>;

/** What a bridge shows when a turn has ended. */
export interface ChannelAnswer {
  readonly kind: 'answer' | 'notice' | 'error';
  /** One or more pieces that fit the platform. */
  readonly texts: readonly string[];
  readonly footer: string | undefined;
}

/** The end of a turn in the words of a chat room: the answer, or why there is none. */
export function channelAnswer(
  end: EndOfTurn,
  can: Pick<ChannelCapabilities, 'markdown' | 'maxTextChars'>,
): ChannelAnswer {
  const said = can.markdown === 'none' ? withoutMarkdown(end.text) : end.text;
  const { kind, footer, text } = describeEnd(end, said);
  return { kind, footer, texts: cutToFit(text, can.maxTextChars) };
}

function describeEnd(end: EndOfTurn, said: string) {
  switch (end.type) {
    case 'turn.completed':
      return {
        kind: 'answer' as const,
        text: said === '' ? '(no text)' : said,
        footer: `${end.provider}/${end.model}: ${end.reason}`,
      };
    case 'turn.failed':
      return {
        kind: 'error' as const,
        text: joined(said, `This could not be answered. ${end.failure.message}`),
        footer: undefined,
      };
    case 'turn.cancelled':
      return {
        kind: 'notice' as const,
        text: joined(said, 'This was stopped before it was complete.'),
        footer: undefined,
      };
    default:
      return end satisfies never;
  }
}

const joined = (said: string, notice: string) => (said === '' ? notice : `${said}\n\n${notice}`);

/** Takes the marks away and leaves the words; code keeps its lines. */
export function withoutMarkdown(text: string): string {
  return text
    .replaceAll(/^```[^\n]*\n?/gm, '')
    .replaceAll(/^#{1,6}\s+/gm, '')
    .replaceAll(/\*\*([^*\n]+)\*\*/g, '$1')
    .replaceAll(/`([^`\n]+)`/g, '$1')
    .replaceAll(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, '$1 ($2)');
}

/** Cuts at the ends of paragraphs, lines or words, and through words only when nothing else is left. */
export function cutToFit(text: string, maxChars: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > maxChars) {
    const window = rest.slice(0, maxChars);
    const at = ['\n\n', '\n', ' ']
      .map((mark) => window.lastIndexOf(mark))
      .find((index) => index > maxChars / 2);
    const end = at ?? wholeCharacters(rest, maxChars);
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...pieces, rest].filter((piece) => piece !== '');
}

/** Never between the two halves of one character. */
function wholeCharacters(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  const isSplit = last >= 0xd800 && last <= 0xdbff;
  return isSplit && end > 1 ? end - 1 : end;
}
