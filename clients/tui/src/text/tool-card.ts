import { type ApprovalView, formatDuration, type ToolBlock } from '@mosaic/proto/client';
import { oneLine } from './neutralise-controls.ts';

/** A tool call in one line: `⚙ web.fetch(url: "https://…") ✓ 120 ms · first words of the result`. */
export function toolCard(block: ToolBlock): string {
  const leave = block.approval === null ? '' : ` · ${approvalWords[block.approval.state]}`;
  const call = `⚙ ${oneLine(block.name)}(${describeArguments(block.arguments)})${leave}`;
  if (block.output === null) return block.approval?.state === 'waiting' ? call : `${call} …`;
  const took = block.durationMs === null ? '' : ` ${formatDuration(block.durationMs)}`;
  const output = oneLine(block.output.slice(0, 500));
  return `${call} ${block.isError ? '✗' : '✓'}${took}${output === '' ? '' : ` · ${output}`}`;
}

const approvalWords: Readonly<Record<ApprovalView['state'], string>> = {
  waiting: 'waits for you',
  once: 'allowed once',
  conversation: 'allowed in this conversation',
  deny: 'denied by you',
  expired: 'nobody answered in time',
  withdrawn: 'no longer asked',
};

export function describeArguments(values: ToolBlock['arguments']): string {
  const shown = Object.entries(values).map(
    ([name, value]) => `${oneLine(name)}: ${shorten(JSON.stringify(value) ?? '')}`,
  );
  return shown.join(', ');
}

function shorten(text: string): string {
  const line = oneLine(text);
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
