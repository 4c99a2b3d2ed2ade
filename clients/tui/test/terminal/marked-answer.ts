import { waitFor } from '@mosaic/test-kit';
import { completed, routed } from '../example-turns.ts';
import type { GatewayPeer } from '../gateway-peer.ts';

/** An answer that is written when the test says so. */
export interface WrittenAnswer {
  readonly conversationId: string;
  readonly run: string;
  write(piece: string): void;
  end(): void;
}

/** Begins to answer the message that the peer has received last. */
export async function beginAnswer(peer: GatewayPeer): Promise<WrittenAnswer> {
  const frame = await waitFor(() => peer.framesOf('send').at(-1));
  const { conversationId, messageId } = frame;
  const run = `run-${messageId}`;
  const ids = { conversationId, messageId, run };
  peer.append(conversationId, routed(ids));
  let text = '';
  return {
    conversationId,
    run,
    write(piece) {
      peer.delta({ conversationId, run, step: 0, kind: 'text', offset: text.length, text: piece });
      text += piece;
    },
    end: () => void peer.append(conversationId, completed(ids, text)),
  };
}

export const markOf = (line: number): string => `mark${String(line).padStart(5, '0')}.`;
export const marksUpTo = (count: number): string[] =>
  Array.from({ length: count }, (_, line) => markOf(line));

/** Lines of lists, code and words in three scripts, ten to a block, each with a mark of its own. */
export function markedBlock(block: number): string {
  const lines = Array.from({ length: 10 }, (_, line) => markOf(block * 10 + line));
  switch (block % 3) {
    case 0:
      return `${lines.map((mark) => `- item 漢字 ${mark}`).join('\n')}\n\n`;
    case 1:
      return `\`\`\`ts\n${lines.map((mark) => `const a = 1; // ${mark}`).join('\n')}\n\`\`\`\n\n`;
    default:
      return `Words 🎉 and שלום: ${lines.join(' ')}\n\n`;
  }
}

/** All marks in the order in which they stand; a mark may be broken by the end of a row. */
export function marksIn(rows: readonly string[]): string[] {
  return rows.join('').match(/mark\d{5}\./g) ?? [];
}
