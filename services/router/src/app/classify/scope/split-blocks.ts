import type { Attachment } from '@mosaic/proto';
import { announcesTools, kindOfCode, kindOfLine, pastedRun } from './line-kinds.ts';

type Kind = Attachment['kind'];

interface Block {
  readonly kind: Kind | null;
  readonly end: number;
}

const openTag =
  /^\s*<(documents?|context|article|files?|text|data|system|tools?|functions?|tool_result|tool_results|function_results|result|output|instructions|email|transcript|system-reminder|environment_details)(?:\s[^>]{0,200})?>/i;
const kindOfTag = (tag: string): Kind => {
  if (/^(?:tools?|functions?)$/.test(tag)) return 'tools';
  if (/result|output/.test(tag)) return 'tool-result';
  return /^(?:system|instructions|environment)/.test(tag) ? 'agent-prompt' : 'document';
};
const toolAnswer =
  /^\s*(?:\[?tool[ _-]?(?:result|output|response)s?\b|observation\s*:|(?:output|result) of `|\[?function[ _]result)/i;

/** Takes pasted blocks out of a text, and says what they are. One pass over its lines. */
export function splitBlocks(text: string, attachments: Attachment[]): string {
  const lines = text.split('\n');
  const kept: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const block =
      fencedBlock(lines, at) ??
      taggedBlock(lines, at) ??
      toolAnswerBlock(lines, at) ??
      runOfLines(lines, at);
    if (block.kind === null) {
      for (let line = at; line < block.end; line += 1) kept.push(lines[line] ?? '');
    } else {
      if (block.kind === 'tools' && announcesTools(kept.at(-1) ?? '')) kept.pop();
      attachments.push({ kind: block.kind, chars: charsOf(lines, at, block.end) });
    }
    at = block.end;
  }
  return kept.join('\n');
}

function fencedBlock(lines: readonly string[], at: number): Block | null {
  const fence = /^\s*(```|~~~)(\w*)/.exec(lines[at] ?? '');
  if (fence === null) return null;
  const mark = fence[1] ?? '```';
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? '').trimStart().startsWith(mark)) end += 1;
  const isLog = /^(?:log|text|txt|console|output)$/i.test(fence[2] ?? '');
  const kind = isLog ? 'log' : kindOfCode(lines.slice(at + 1, at + 60).join('\n'));
  return { kind, end: Math.min(lines.length, end + 1) };
}

function taggedBlock(lines: readonly string[], at: number): Block | null {
  const tag = openTag.exec(lines[at] ?? '')?.[1]?.toLowerCase();
  if (tag === undefined) return null;
  let end = at;
  while (end < lines.length && !(lines[end] ?? '').toLowerCase().includes(`</${tag}>`)) end += 1;
  return end >= lines.length ? null : { kind: kindOfTag(tag), end: end + 1 };
}

/** "Tool result: …" goes on until an empty line. */
function toolAnswerBlock(lines: readonly string[], at: number): Block | null {
  if (!toolAnswer.test(lines[at] ?? '')) return null;
  let end = at + 1;
  while (end < lines.length && (lines[end] ?? '').trim() !== '') end += 1;
  return { kind: 'tool-result', end };
}

function runOfLines(lines: readonly string[], at: number): Block {
  const first = lines[at] ?? '';
  const kind = kindOfLine(first);
  let end = at + 1;
  if (kind === null) return { kind, end };
  while (end < lines.length && continues(lines, end, kind)) end += 1;
  const isPasted = end - at >= pastedRun[kind] || (kind === 'code' && isWholeJson(first));
  if (!isPasted) return { kind: null, end };
  return { kind: kind === 'code' ? kindOfCode(lines.slice(at, at + 60).join('\n')) : kind, end };
}

/** A line of its own that nobody types. */
function isWholeJson(line: string): boolean {
  return line.length > 60 && /^\s*[[{]/.test(line) && /":/.test(line.slice(0, 400));
}

/** Code and logs have lines of any look between those that show what they are. */
function continues(lines: readonly string[], at: number, kind: NonNullable<Block['kind']>) {
  const line = lines[at] ?? '';
  if (kindOfLine(line) === kind) return true;
  if (kind === 'quote' || kind === 'table') return false;
  return /^\s{2,}\S/.test(line) || (line.trim() === '' && kindOfLine(lines[at + 1] ?? '') === kind);
}

function charsOf(lines: readonly string[], from: number, to: number): number {
  let chars = to - from;
  for (let at = from; at < to; at += 1) chars += (lines[at] ?? '').length;
  return chars;
}
