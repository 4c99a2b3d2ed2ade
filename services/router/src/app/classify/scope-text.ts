import { stripCourtesy } from './strip-courtesy.ts';

/** What was pasted beside the user's own words. */
export type AttachmentKind = 'code' | 'log' | 'table' | 'quote' | 'document' | 'agent-prompt';

export interface Attachment {
  readonly kind: AttachmentKind;
  readonly chars: number;
}

export interface ScopedText {
  /** The request itself: what remains without attachments, its beginning and its end when long. */
  readonly instruction: string;
  readonly attachments: readonly Attachment[];
}

/** Longer texts are looked at from both ends only: the request stands at one of them. */
const windowChars = 16_000;
const headChars = 700;
const tailChars = 500;

const logLine =
  /^\s*(?:\[?\d{4}-\d\d-\d\d[T ]|\[?\d\d:\d\d:\d\d|(?:ERROR|WARN(?:ING)?|INFO|DEBUG|TRACE|FATAL)\b|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )/;
const traceLine = /^\s+at \S|^\s*File "[^"]{1,300}", line \d|^Traceback \(most|^goroutine \d/;
const codeLine =
  /[{};]\s*$|^\s*(?:import|from|def|class|const|let|var|return|public|private|func|fn|#include|using|package|if \(|for \(|while \(|elif |else:|try:|except|SELECT|FROM|WHERE|\}|\/\/|<\/?[a-z]+[ >])/;
const tableLine = /^\s*\|.*\|\s*$|^[^\t\n]*\t[^\t\n]*\t|^(?:[^,\n]{1,60},){3,}[^,\n]{0,60}$/;
const openTag =
  /^\s*<(document|documents|context|article|file|files|text|data|system|tools?|tool_result|instructions|email|transcript)(?:\s[^>]{0,200})?>/i;
const agentOpening =
  /^\s*(?:#\s*)?(?:system( prompt)?:|you are (?:an? |the )?(?:[\w-]+ ){0,6}?(?:assistant|agent|ai\b|bot|model|cli|copilot|language model)|you have access to|<system>)/i;
const agentSection =
  /^\s*(?:#{1,4} |(?:tools?|functions?|guidelines|rules|instructions|capabilities|tone|style|environment|workflow|important|notes?|constraints|safety|output format|available tools)\b[^\n]{0,60}:|[-*] |\d+[.)] |(?:you|your|always|never|do not|don't|when|if|use|keep|prefer|only|be|avoid|after|before|make sure|respond|answer|today|current|the user|working directory|os)\b|[{}[\]]|<\/?\w)/i;
const userTurn =
  /^\s*(?:#+ *)?(?:user|human|user request|user message|request|question|task)\s*:\s*/i;

/** Splits a message into the user's own request and what was pasted beside it. Linear in the text. */
export function scopeText(text: string): ScopedText {
  const bounded =
    text.length <= windowChars
      ? text
      : `${text.slice(0, windowChars / 2)}\n\n${text.slice(-windowChars / 2)}`;
  const attachments: Attachment[] = [];
  const own = withoutBlocks(withoutAgentPrompt(bounded, attachments), attachments);
  const words = stripCourtesy(own.trim());
  const instruction =
    words === '' ? bounded.slice(0, headChars).trim() : requestIn(words, attachments);
  return { instruction, attachments };
}

/** An agent's own prompt in front of the request: its opening, and the paragraphs like it. */
function withoutAgentPrompt(text: string, attachments: Attachment[]): string {
  if (!agentOpening.test(text.slice(0, 300))) return text;
  const paragraphs = text.split(/\n\s*\n/);
  if (paragraphs.length < 2) return afterUserTurn(text, attachments);
  let own = 1;
  while (own < paragraphs.length - 1 && agentSection.test(paragraphs[own] ?? '')) own += 1;
  const request = paragraphs.slice(own).join('\n\n');
  attachments.push({ kind: 'agent-prompt', chars: text.length - request.length });
  return request.replace(userTurn, '');
}

function afterUserTurn(text: string, attachments: Attachment[]): string {
  const lines = text.split('\n');
  const start = lines.findLastIndex((line) => userTurn.test(line));
  if (start < 1) return text;
  const request = lines.slice(start).join('\n').replace(userTurn, '');
  attachments.push({ kind: 'agent-prompt', chars: text.length - request.length });
  return request;
}

/** How a line looks by itself; null for ordinary words. */
function kindOfLine(line: string): AttachmentKind | null {
  const seen = line.length > 400 ? line.slice(0, 400) : line;
  if (/^\s*>/.test(seen)) return 'quote';
  if (traceLine.test(seen) || logLine.test(seen)) return 'log';
  if (tableLine.test(seen)) return 'table';
  return codeLine.test(seen) ? 'code' : null;
}

/** One odd line is a matter of wording; so many in a row were pasted. */
const pastedRun: Readonly<Record<AttachmentKind, number>> = {
  code: 3,
  log: 2,
  table: 2,
  quote: 1,
  document: 1,
  'agent-prompt': 1,
};

function withoutBlocks(text: string, attachments: Attachment[]): string {
  const lines = text.split('\n');
  const kept: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const block = fencedBlock(lines, at) ?? taggedBlock(lines, at) ?? runOfLines(lines, at);
    if (block.kind === null) kept.push(...lines.slice(at, block.end));
    else attachments.push({ kind: block.kind, chars: charsOf(lines, at, block.end) });
    at = block.end;
  }
  return kept.join('\n');
}

interface Block {
  readonly kind: AttachmentKind | null;
  readonly end: number;
}

function fencedBlock(lines: readonly string[], at: number): Block | null {
  const fence = /^\s*(```|~~~)(\w*)/.exec(lines[at] ?? '');
  if (fence === null) return null;
  const mark = fence[1] ?? '```';
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? '').trimStart().startsWith(mark)) end += 1;
  const kind = /^(?:log|text|txt|console|output)$/i.test(fence[2] ?? '') ? 'log' : 'code';
  return { kind, end: Math.min(lines.length, end + 1) };
}

function taggedBlock(lines: readonly string[], at: number): Block | null {
  const tag = openTag.exec(lines[at] ?? '')?.[1]?.toLowerCase();
  if (tag === undefined) return null;
  let end = at;
  while (end < lines.length && !(lines[end] ?? '').toLowerCase().includes(`</${tag}>`)) end += 1;
  return end >= lines.length ? null : { kind: 'document', end: end + 1 };
}

function runOfLines(lines: readonly string[], at: number): Block {
  const kind = kindOfLine(lines[at] ?? '');
  let end = at + 1;
  if (kind === null) return { kind, end };
  while (end < lines.length && continues(lines, end, kind)) end += 1;
  return { kind: end - at >= pastedRun[kind] ? kind : null, end };
}

/** Code and logs have lines of any look between those that show what they are. */
function continues(lines: readonly string[], at: number, kind: AttachmentKind): boolean {
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

/** Of long words the beginning and the end; what stands between was given to work on. */
function requestIn(words: string, attachments: Attachment[]): string {
  if (words.length <= headChars + tailChars) return words;
  attachments.push({ kind: 'document', chars: words.length - headChars - tailChars });
  return `${words.slice(0, headChars)}\n${words.slice(-tailChars)}`;
}
