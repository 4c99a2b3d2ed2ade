import type { ApprovalAnswer } from '@mosaic/proto';
import { formatDuration, type ToolBlock } from '@mosaic/proto/client';
import { neutraliseControls, oneLine } from './neutralise-controls.ts';

/** What can be answered, in the order in which it is offered. */
export const approvalAnswers: readonly {
  readonly answer: ApprovalAnswer;
  readonly words: string;
}[] = [
  { answer: 'once', words: 'allow this once' },
  { answer: 'conversation', words: 'allow in this conversation' },
  { answer: 'deny', words: 'deny' },
];

/** The call that waits: its name, its arguments whole, and until when it waits. */
export function approvalQuestion({ approval, arguments: given, name }: ToolBlock, nowMs: number) {
  const leftMs = approval === null ? 0 : Date.parse(approval.expiresAt) - nowMs;
  const left = leftMs > 0 ? `, for ${formatDuration(Math.ceil(leftMs / 1_000) * 1_000)}` : '';
  return {
    title: `May ${oneLine(name)} run? It waits for you${left}.`,
    details: Object.entries(given).flatMap(([key, value]) => describeValue(key, value)),
    covers: approval === null ? '' : oneLine(approval.covers),
  };
}

function describeValue(key: string, value: unknown): string[] {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  const [first = '', ...rest] = neutraliseControls(text).replaceAll('\t', '    ').split('\n');
  return [`  ${oneLine(key)}: ${first}`, ...rest.map((line) => `    ${line}`)];
}
