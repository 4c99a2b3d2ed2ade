/** About 8,000 tokens in all: what fits the smallest model that is asked for summaries. */
const mostMessages = 60;
const maxMessageChars = 1_500;
const maxChars = 30_000;

export interface SpokenMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/**
 * What a model reads to summarise a conversation: its beginning and its end, each message cut, every
 * line marked with who said it. What is left out in between is said.
 */
export function transcriptOf(messages: readonly SpokenMessage[]): string {
  const head = Math.floor(mostMessages / 3);
  const isWhole = messages.length <= mostMessages;
  const kept = isWhole
    ? messages
    : [...messages.slice(0, head), ...messages.slice(head - mostMessages)];
  const lines = kept.map(({ role, text }) => `${role}: ${cut(text)}`);
  const left = messages.length - kept.length;
  if (!isWhole) lines.splice(head, 0, `[${left} messages are left out here]`);
  return fitted(lines, head);
}

function cut(text: string): string {
  if (text.length <= maxMessageChars) return text;
  return `${text.slice(0, maxMessageChars).toWellFormed()} […]`;
}

/** Leaves out what stands in the middle until the rest fits. */
function fitted(lines: readonly string[], head: number): string {
  const kept = [...lines];
  let length = kept.reduce((sum, line) => sum + line.length + 2, 0);
  while (length > maxChars && kept.length > 1) {
    const [gone = ''] = kept.splice(Math.min(head, kept.length - 1), 1);
    length -= gone.length + 2;
  }
  return kept.join('\n\n');
}
