import { formatDuration, type MessageBlock } from '@mosaic/proto';
import { oneLine } from './neutralise-controls.ts';

export type ToolBlock = Extract<MessageBlock, { type: 'tool' }>;

/** A tool call in one line: `⚙ web.fetch(url: "https://…") ✓ 120 ms · first words of the result`. */
export function toolCard(block: ToolBlock): string {
  const call = `⚙ ${oneLine(block.name)}(${describeArguments(block.arguments)})`;
  if (block.output === null) return `${call} …`;
  const took = block.durationMs === null ? '' : ` ${formatDuration(block.durationMs)}`;
  const output = oneLine(block.output.slice(0, 500));
  return `${call} ${block.isError ? '✗' : '✓'}${took}${output === '' ? '' : ` · ${output}`}`;
}

function describeArguments(values: ToolBlock['arguments']): string {
  const shown = Object.entries(values).map(
    ([name, value]) => `${oneLine(name)}: ${shorten(JSON.stringify(value) ?? '')}`,
  );
  return shown.join(', ');
}

function shorten(text: string): string {
  const line = oneLine(text);
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
