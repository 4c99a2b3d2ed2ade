import type { Tool, ToolContext } from '../tool.ts';
import type { ResultStore } from './result-store.ts';

/** More than this of one result is not kept, in characters. */
const maxKeptChars = 1_000_000;

/**
 * Cuts a result that is longer than the tool's limit, and says how to read on. Without a place to keep
 * the rest the model is told that it is gone.
 */
export async function cutResult(
  results: ResultStore,
  { tool, output }: { readonly tool: Tool; readonly output: string },
  context: ToolContext,
): Promise<string> {
  if (output.length <= tool.maxResultChars) return output;
  const kept = output.slice(0, wholeCharacters(output, maxKeptChars));
  const end = wholeCharacters(kept, tool.maxResultChars);
  const shown = kept.slice(0, end);
  const size = `${end} of ${output.length} characters`;
  try {
    const id = await results.keep(tool.name, kept, context);
    const rest = kept.length < output.length ? ` Only the first ${kept.length} are kept.` : '';
    return `${shown}\n[Cut: ${size}.${rest} Read on with read_result, id "${id}", offset ${end}.]`;
  } catch {
    return `${shown}\n[Cut: ${size}. The rest could not be kept.]`;
  }
}

/** Never between the two halves of one character. */
export function wholeCharacters(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  const isSplit = end < text.length && last >= 0xd800 && last <= 0xdbff;
  return isSplit ? end - 1 : Math.min(end, text.length);
}
