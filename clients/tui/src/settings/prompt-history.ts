import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const kept = 500;
/** Something longer was pasted: nobody looks for it here, and it would make the file slow to read. */
const maxChars = 10_000;

/** What a person wrote, oldest first; `tui-prompts.jsonl` of the data directory, one JSON string a line. */
export interface PromptHistory {
  readonly entries: readonly string[];
  add(text: string): void;
}

export function openPromptHistory(dataDir: string): PromptHistory {
  const file = resolve(dataDir, 'tui-prompts.jsonl');
  const entries = readEntries(file);
  return {
    entries,
    add(text) {
      if (text.length > maxChars || entries.at(-1) === text) return;
      entries.push(text);
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        // Several terminals may write at once: appended lines don't overwrite each other.
        appendFileSync(file, `${JSON.stringify(text)}\n`, { mode: 0o600 });
      } catch {
        // A read-only folder: it is remembered until the program ends.
      }
    },
  };
}

function readEntries(file: string): string[] {
  try {
    const entries = readFileSync(file, 'utf8').split('\n').flatMap(readLine);
    if (entries.length > 2 * kept) {
      const newest = entries.slice(-kept).map((entry) => `${JSON.stringify(entry)}\n`);
      writeFileSync(file, newest.join(''), { mode: 0o600 });
    }
    return entries.slice(-kept);
  } catch {
    return [];
  }
}

function readLine(line: string): string[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'string' ? [entry] : [];
  } catch {
    return [];
  }
}
