import { createHash } from 'node:crypto';
import type { ToolResult, Turn } from '@mosaic/proto';
import { cleanRecord, withoutLoneSurrogates } from './clean-text.ts';

type AssistantTurn = Extract<Turn, { role: 'assistant' }>;

/** No vendor takes a longer name for a tool. */
const nameMaxLength = 64;

/** Keeps an id that the vendor accepts; else cleans it and adds a short hash of the original. */
export function rewriteCallId(id: string, maxLength: number): string {
  if (id.length <= maxLength && /^[A-Za-z0-9_-]+$/.test(id)) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
  const clean = id.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, maxLength - hash.length - 1);
  return `${clean}_${hash}`;
}

/**
 * Gives every call exactly one result right behind it, drops results nobody asked for, and makes ids
 * and names that the vendor accepts. No id is used twice, because some vendors refuse that and others
 * hand ids out again in a later turn. What a call becomes depends on what is before it alone, so that
 * a longer history begins with the same bytes.
 */
export function pairCalls(turns: readonly Turn[], idMaxLength: number): Turn[] {
  const used = new Set<string>();
  return turns.flatMap((turn, index): Turn[] => {
    if (turn.role === 'tool') return [];
    if (turn.role === 'user') return [turn];
    const seen = new Map<string, number>();
    const results: ToolResult[] = [];
    const content = turn.content.map((part): AssistantTurn['content'][number] => {
      if (part.type !== 'tool-call') return part;
      const before = seen.get(part.id) ?? 0;
      seen.set(part.id, before + 1);
      const id = unusedId(part.id, { used, idMaxLength });
      const name = rewriteCallId(part.name, nameMaxLength);
      const result = findResults(turns, { id: part.id, after: index })[before];
      results.push({ ...(result ?? interrupted), callId: id, name });
      return { ...part, id, name, arguments: cleanRecord(part.arguments) };
    });
    const paired: Turn = { ...turn, content };
    return results.length > 0 ? [paired, { role: 'tool', results: results.map(clean) }] : [paired];
  });
}

const interrupted = { output: 'The call was interrupted and has no result.', isError: true };

function unusedId(
  original: string,
  { used, idMaxLength }: { readonly used: Set<string>; readonly idMaxLength: number },
): string {
  let id = rewriteCallId(original, idMaxLength);
  // The space makes it differ from every accepted id, so that a hash of the original is added.
  for (let again = 2; used.has(id); again += 1) {
    id = rewriteCallId(`${original} ${again}`, idMaxLength);
  }
  used.add(id);
  return id;
}

/** Results under an id up to the turn that uses the id again. */
function findResults(
  turns: readonly Turn[],
  { id, after }: { readonly id: string; readonly after: number },
): ToolResult[] {
  const found: ToolResult[] = [];
  for (const turn of turns.slice(after + 1)) {
    if (turn.role === 'tool') found.push(...turn.results.filter((one) => one.callId === id));
    const isAgain =
      turn.role === 'assistant' &&
      turn.content.some((part) => part.type === 'tool-call' && part.id === id);
    if (isAgain) break;
  }
  return found;
}

/** Anthropic refuses an error without content, so an empty output says that it is empty. */
function clean(result: ToolResult): ToolResult {
  const output = withoutLoneSurrogates(result.output);
  return { ...result, output: output.trim() === '' ? '(no output)' : output };
}
