import type { AnsweredCall } from '../wire/answer.ts';
import { asList, asRecord, asText, type JsonRecord } from '../wire/loose-json.ts';
import type { SeenRequest, SeenTool } from '../wire/seen-request.ts';

interface Wish {
  readonly said: RegExp;
  readonly tool: RegExp;
}

/** What a user may say, and the name of a tool that does it. */
const wishes: readonly Wish[] = [
  { said: /\bwhat(?:'s| is)? (?:the )?(?:time|date|day)\b|几点|时间/iu, tool: /time|clock|date/i },
  { said: /\b(?:list|show|which)\b.*\bfiles?\b/i, tool: /list|files$|^ls$|glob|directory/i },
  { said: /\bread\b.*\bfile\b|\bread\b.*\.\w{1,5}\b/i, tool: /read(?!_result)/i },
  {
    said: /\b(?:save|write|create)\b.*(?:\bfile\b|\.\w{1,5}\b)/i,
    tool: /write|save/i,
  },
  { said: /\bsearch\b|搜索/iu, tool: /search/i },
  { said: /https?:\/\//i, tool: /fetch|browse|url/i },
  { said: /\b(?:calculate|compute)\b|\d\s*[+*/×-]\s*\d/i, tool: /calc|math|evaluate/i },
];

function guessText(name: string, question: string): string {
  if (/url/i.test(name)) return /https?:\/\/\S+/.exec(question)?.[0] ?? 'https://example.com/';
  if (/zone/i.test(name)) return /\b[A-Z]\w+\/[A-Z]\w+\b/.exec(question)?.[0] ?? 'UTC';
  if (/path|dir|file/i.test(name)) return /[\w./-]+\.\w{1,5}\b/.exec(question)?.[0] ?? '.';
  if (/expr/i.test(name))
    return /[\d\s.()+*/×-]*\d[\d\s.()+*/×-]*/.exec(question)?.[0]?.trim() ?? '0';
  return question;
}

function guessArgument(name: string, schema: JsonRecord, question: string): unknown {
  const choices = asList(schema['enum']);
  if (choices.length > 0) return choices[0];
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 1);
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return guessText(name, question);
  }
}

/** Arguments with every required field, guessed from the question. */
function guessArguments({ parameters }: SeenTool, question: string): string {
  const properties = asRecord(parameters['properties']);
  const entries = asList(parameters['required'])
    .map(asText)
    .map((name) => [name, guessArgument(name, asRecord(properties[name]), question)]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** The tools the last message asks for, if the request offers them; none after a tool's result. */
export function chooseToolCalls(request: SeenRequest, id: string): readonly AnsweredCall[] {
  const last = request.turns.at(-1);
  if (last?.role !== 'user') return [];
  return wishes
    .filter(({ said }) => said.test(last.text))
    .flatMap(({ tool }) => request.tools.find(({ name }) => tool.test(name)) ?? [])
    .filter((tool, index, all) => all.indexOf(tool) === index)
    .map((tool, index) => ({
      id: `${id.slice(0, 22)}${index}`,
      name: tool.name,
      argumentsJson: guessArguments(tool, last.text),
    }));
}

/** Tells what the tools gave back; undefined when the request does not end with their results. */
export function reportToolResults({ turns }: SeenRequest): string | undefined {
  const firstResult = turns.findLastIndex(({ role }) => role !== 'tool') + 1;
  const results = turns.slice(firstResult);
  if (results.length === 0) return undefined;
  const calls = new Map(
    turns.flatMap((turn) => turn.calls ?? []).map(({ id, name }) => [id, name]),
  );
  const lines = results.map(({ text, callId, toolName }) => {
    const name = calls.get(callId ?? '') ?? toolName;
    const title = name === undefined || name === '' ? 'The tool' : `The tool \`${name}\``;
    return `${title} answered:\n\n\`\`\`\n${text}\n\`\`\``;
  });
  return lines.join('\n\n');
}
