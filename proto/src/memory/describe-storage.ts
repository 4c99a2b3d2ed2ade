import type { StorageReport } from './storage.ts';

/** One line of figures for people: what it is about, and the figures. */
export interface StorageLine {
  readonly name: string;
  readonly text: string;
}

/** What is stored of a person in lines, for the terminal, the command line and the page. */
export function describeStorage(report: StorageReport): readonly StorageLine[] {
  const { cold, due, hot, limits, memories, search, warm } = report;
  const before = cold.rawBytes === 0 ? '' : `, ${formatBytes(cold.rawBytes)} before compressing`;
  return [
    { name: 'all', text: of(formatBytes(report.bytes), limits.bytes, formatBytes) },
    {
      name: 'conversations',
      text: of(String(report.conversations), limits.conversations, String),
    },
    { name: 'hot', text: `${tier(hot)}: in use` },
    { name: 'warm', text: `${tier(warm)}: not used for a while` },
    { name: 'cold', text: `${tier(cold)}: compressed${before}` },
    { name: 'search', text: `${search.passages} passages, ${formatBytes(search.bytes)}` },
    { name: 'memories', text: of(String(memories.count), limits.memories, String) },
    { name: 'moves', text: describePolicy(report) },
    ...(due.toWarm + due.toCold === 0 ? [] : [{ name: 'due now', text: describeDue(due) }]),
    ...report.full.map((kind) => ({
      name: 'full',
      text: `${kind}: delete something before you begin or save more; what you have goes on`,
    })),
  ];
}

const tier = ({ bytes, conversations }: StorageReport['hot']) =>
  `${conversations}, ${formatBytes(bytes)}`;

function of(have: string, most: number | null, format: (value: number) => string): string {
  return most === null ? `${have}, no limit` : `${have} of ${format(most)}`;
}

function describePolicy({ policy }: StorageReport): string {
  const { coldAfterDays, hotBytes, warmAfterDays } = policy;
  const after = (days: number | null, name: string) =>
    days === null ? [] : [`${name} after ${days} days without use`];
  const size = hotBytes === null ? [] : [`cold above ${formatBytes(hotBytes)} uncompressed`];
  const parts = [...after(warmAfterDays, 'warm'), ...after(coldAfterDays, 'cold'), ...size];
  return parts.length === 0 ? 'never' : parts.join(', ');
}

function describeDue({ freesBytes, toCold, toWarm }: StorageReport['due']): string {
  return `${toWarm} to warm, ${toCold} to cold, which frees about ${formatBytes(freesBytes)}`;
}

const units = ['kB', 'MB', 'GB', 'TB'] as const;

/** `612 B`, `3.4 kB`, `120 MB`; a kilobyte is 1,000 bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  let value = bytes / 1_000;
  let unit = 0;
  // What would be written as 1000 is one of the next unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const figures = value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0);
  return `${figures} ${units[unit]}`;
}
