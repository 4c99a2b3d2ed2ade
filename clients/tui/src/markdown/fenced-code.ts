import { dim } from '../screen/style.ts';

/** An open fenced code block at the top level of an answer. */
export interface Fence {
  readonly marker: string;
}

/** The fence that `text` begins with, when its first line is complete. */
export function openFence(text: string): { fence: Fence; language: string; length: number } | null {
  const match = /^ {0,3}(`{3,}|~{3,})([^\n]*)\n/.exec(text);
  const marker = match?.[1];
  if (match === null || marker === undefined) return null;
  const language = (match[2] ?? '').trim();
  if (marker.startsWith('`') && language.includes('`')) return null;
  return { fence: { marker }, language, length: match[0].length };
}

/** Whether a complete line ends the code block. */
export function closesFence(line: string, { marker }: Fence): boolean {
  const found = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return found !== undefined && found[0] === marker[0] && found.length >= marker.length;
}

/** Whether an unfinished line may still become the end of the code block. */
export function mayCloseFence(line: string, { marker }: Fence): boolean {
  const text = line.trimStart();
  return text !== '' && text === (marker[0] ?? '').repeat(text.length);
}

/**
 * One line of code, as one logical line however long it is: the terminal wraps it, wraps it anew when
 * the window changes, and copies it whole.
 */
export function codeLine(line: string): string {
  return `  ${line.replaceAll('\t', '    ')}`;
}

export const fenceLine = (language: string): string => dim(`\`\`\`${language}`);
