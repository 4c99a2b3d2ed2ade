import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second of /proc; the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU time that a process and all it started have used until now (Linux). */
export function cpuSeconds(pid: number): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)));
  const family = new Set([pid]);
  // Children come behind their parents only as a rule: look until nobody is found any more.
  for (let known = 0; known !== family.size; ) {
    known = family.size;
    for (const { parent, pid: child } of stats) if (family.has(parent)) family.add(child);
  }
  const ticks = stats
    .filter((stat) => family.has(stat.pid))
    .reduce((sum, stat) => sum + stat.ticks, 0);
  return ticks / ticksPerSecond;
}

function readStat(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may have anything in it; what follows is numbers from field 3 on.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
  } catch {
    return [];
  }
}
