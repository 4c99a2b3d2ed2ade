import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A process whose use is measured, by the name it has in the tables. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
}

export interface ProcessUse {
  /** User and system time of all its threads since its start, in milliseconds. */
  readonly cpuMs: number;
  /** Resident memory, in megabytes. */
  readonly rssMb: number;
}

// What /proc counts in, on every Linux that Node runs on.
const ticksPerS = 100;
const pageBytes = 4_096;

/** What a process has used. Throws when there is no such process, or no /proc (this needs Linux). */
export function readUse(pid: number): ProcessUse {
  const fields = statOf(pid);
  const ticks = Number(fields[11]) + Number(fields[12]);
  return {
    cpuMs: (ticks * 1_000) / ticksPerS,
    rssMb: (Number(fields[21]) * pageBytes) / 1_000_000,
  };
}

/** A process with all that it started: name the first, the others are named by their program. */
export function processTree(pid: number, name: string): Watched[] {
  const children = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((one) => parentOf(one) === pid);
  const below = children.flatMap((child) => processTree(child, programOf(child)));
  return [{ name, pid }, ...below];
}

/** The fields after the program's name, which may hold spaces and brackets: the state is number 0. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    // It has ended since the list was read.
    return undefined;
  }
}

function programOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const script = words.find((word) => /\.[cm]?[jt]s$/.test(word));
  const [program = ''] = (script ?? words[0] ?? '').split(' ');
  return basename(program).replace(/\.[cm]?[jt]s$/, '');
}
