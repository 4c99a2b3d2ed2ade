import { type ConversationView, formatDuration, type MessageBlock } from '@mosaic/proto/client';
import { wrapTextWithAnsi } from '../screen/pi-tui.ts';
import { bold, dim, italic, red } from '../screen/style.ts';
import { neutraliseControls, oneLine } from '../text/neutralise-controls.ts';

const shownBlocks = 50;

type Detail = Exclude<MessageBlock, { type: 'text' }>;

/** The last tool calls and thoughts of a conversation, whole, oldest first; empty when there are none. */
export function detailLines(
  { messages }: Pick<ConversationView, 'messages'>,
  width: number,
): string[] {
  return messages
    .flatMap((message) => (message.role === 'user' ? [] : message.blocks))
    .filter((block): block is Detail => block.type !== 'text')
    .slice(-shownBlocks)
    .flatMap((block) => [...describe(block), ''])
    .flatMap((line) => wrapTextWithAnsi(line, Math.max(1, width)));
}

function describe(block: Detail): string[] {
  if (block.type === 'reasoning') return [bold('thought'), ...textLines(block.text).map(italic)];
  const took = block.durationMs === null ? '' : ` · ${formatDuration(block.durationMs)}`;
  const state = block.output === null ? 'running' : block.isError ? red('failed') : 'done';
  return [
    `${bold(oneLine(block.name))} ${dim(`${state}${took}`)}`,
    ...textLines(JSON.stringify(block.arguments, null, 2)).map(dim),
    ...(block.output === null ? [] : textLines(block.output)),
  ];
}

function textLines(text: string): string[] {
  return neutraliseControls(text).replaceAll('\t', '    ').split('\n');
}
