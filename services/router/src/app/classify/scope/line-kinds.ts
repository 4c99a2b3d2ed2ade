import type { Attachment } from '@mosaic/proto';

/** What a line may be part of. */
export type LineKind = Exclude<Attachment['kind'], 'document' | 'agent-prompt'>;

const logLine =
  /^\s*(?:\[?\d{4}-\d\d-\d\d[T ]|\[?\d\d:\d\d:\d\d|\[?(?:ERROR|WARN(?:ING)?|INFO|DEBUG|TRACE|FATAL)\b|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\d{1,3}(?:\.\d{1,3}){3} \S+ \S+ \[|[IWEF]\d{4} \d\d:|npm ERR!|level=\w|time="|\{"(?:level|ts|time|timestamp|msg|severity)":)/;
const traceLine =
  /^\s+at \S|^\s*File "[^"]{1,300}", line \d|^Traceback \(most|^goroutine \d|^(?:\w+\.)*[A-Z]\w*(?:Error|Exception)(?::|$)/;
const codeLine =
  /[{};]\s*$|^\s*(?:import|from|def|class|const|let|var|return|public|private|func|fn|#include|using|package|if \(|for \(|while \(|elif |else:|try:|except|end$|SELECT|FROM|WHERE|(?:(?:LEFT|RIGHT|INNER|FULL) )?JOIN|GROUP BY|ORDER BY|INSERT INTO|UPDATE|DELETE|CREATE|ALTER|VALUES|RUN|COPY|WORKDIR|ENTRYPOINT|\}|\/\/|<\/?[a-z]+[ >])|^\s{2,}(?:- )?[\w.-]+:(?:\s|$)/;
/** JSON, and what only a diff has. */
const formalLine =
  /^\s*(?:[[\]{}]+,?|"[\w$. -]{1,60}"\s*:\s?.*|[[{].*":.*[\]}],?)\s*$|^(?:diff --git |@@ -\d|\+\+\+ \S|--- \S)/;
/** Bars, tabs, commas; of few cells only where nobody would write a space behind the comma. */
const tableLine =
  /^\s*\|.*\|\s*$|^[^\t\n]*\t[^\t\n]*\t|^(?:[^,\n]{1,60},){3,}[^,\n]{0,60}$|^[^\s,][^,\n]{0,40}(?:,[^\s,][^,\n]{0,40}){2,4}$|^[^\s;][^;\n]{0,40}(?:;[^\s;][^;\n]{0,40}){2,9}$|^[\w.-]{1,30},-?\d[\d.]*%?$/;
/** Cells with at least two spaces between them, as programs print them. */
const columnLine = /^\S.{0,80}?\S {2,}\S.{0,80}? {2,}\S/;
/** `- read_file(path): reads a file`: a name as programs have them, and what it is for. */
const toolLine =
  /^\s*(?:[-*•]\s+|\d+[.)]\s+|#{2,4}\s+)?[`"*]{0,3}(?:[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[a-z][\w.]*(?=\())[`"*]{0,3}(?:\([^)\n]{0,200}\))?[`"*]{0,3}\s*(?::|-|–|—|$)/;
const toolHead =
  /^.{0,80}\b(?:tools?|functions?)\b.{0,60}:\s*$|^\s*(?:#{1,4}\s*)?(?:available )?tools\s*$/i;

/** How a line looks by itself; null for ordinary words. */
export function kindOfLine(line: string): LineKind | null {
  const seen = line.length > 400 ? `${line.slice(0, 300)}${line.slice(-100)}` : line;
  if (/^\s*>/.test(seen)) return 'quote';
  if (traceLine.test(seen) || logLine.test(seen)) return 'log';
  if (toolLine.test(seen)) return 'tools';
  if (formalLine.test(seen)) return 'code';
  if (tableLine.test(seen) || (seen.includes('  ') && columnLine.test(seen))) return 'table';
  return codeLine.test(seen) ? 'code' : null;
}

/** One odd line is a matter of wording; so many in a row were pasted. */
export const pastedRun: Readonly<Record<LineKind, number>> = {
  code: 3,
  log: 2,
  table: 2,
  quote: 1,
  tools: 3,
  'tool-result': 1,
};

/** "Available tools:" and the like, which belong to the list below them. */
export function announcesTools(line: string): boolean {
  return line.length < 160 && toolHead.test(line);
}

/** What a block of code-like text is at second sight: JSON may list tools or be what one answered. */
export function kindOfCode(block: string): LineKind {
  const seen = block.slice(0, 4_000);
  const namesTools =
    /"(?:parameters|input_schema|inputSchema|function)"\s*:/.test(seen) && /"name"\s*:/.test(seen);
  if (namesTools) return 'tools';
  return /"(?:tool_call_id|tool_use_id|tool_result|function_call_output)"/.test(seen)
    ? 'tool-result'
    : 'code';
}
