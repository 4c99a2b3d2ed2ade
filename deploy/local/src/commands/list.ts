import type { Command } from '../command-line/command.ts';
import { tableLines } from '../command-line/print-table.ts';
import { readOptions, refuseWords } from '../command-line/read-options.ts';
import { findMosaic } from '../running/running-mosaic.ts';

/** One list of the HTTP API as a table: where it is, and the fields that make its columns. */
interface Listing {
  readonly path: string;
  /** Name of the array in the answer's body. */
  readonly field: string;
  readonly columns: readonly string[];
  /** What stands in a column that has nothing, from another field: column → field. */
  readonly instead?: Readonly<Record<string, string>>;
}

const listings = {
  models: {
    path: '/api/models',
    field: 'models',
    columns: [
      'provider',
      'model',
      'name',
      'contextTokens',
      'isAvailable',
      'isListed',
      'price.input',
      'price.output',
      'price.asOf',
    ],
    instead: { 'price.input': 'priceNote' },
  },
  jobs: {
    path: '/api/admin/jobs',
    field: 'jobs',
    columns: ['queue', 'id', 'name', 'state', 'attemptsMade', 'failedReason'],
  },
  channels: {
    path: '/api/admin/channels',
    field: 'channels',
    columns: ['id', 'kind', 'createdAt'],
  },
  keys: {
    path: '/api/keys',
    field: 'keys',
    columns: ['id', 'name', 'hint', 'scopes', 'expiresAt'],
  },
} as const satisfies Record<string, Listing>;

/** The command that shows one list of the running Mosaic. */
export function listCommand(noun: keyof typeof listings): Command {
  const { path, field, columns, instead = {} }: Listing = listings[noun];
  return {
    usage: `Usage: mosaic ${noun} [--json] [--data-dir D]`,
    async run(args, terminal) {
      const { values, positionals } = readOptions(args, {
        json: { type: 'boolean' },
        'data-dir': { type: 'string' },
      });
      refuseWords(positionals);
      const body = await findMosaic(values).get(path);
      if (values.json === true) {
        terminal.print(JSON.stringify(body));
        return 0;
      }
      const items = arrayIn(body, field);
      const cellOf = (item: unknown, column: string) =>
        textAt(item, valueAt(item, column) === undefined ? (instead[column] ?? column) : column);
      const rows = items.map((item) => columns.map((column) => cellOf(item, column)));
      for (const line of tableLines(columns.map(titleOf), rows)) terminal.print(line);
      return 0;
    },
  };
}

function arrayIn(body: unknown, field: string): readonly unknown[] {
  const value = Array.isArray(body) ? body : valueAt(body, field);
  return Array.isArray(value) ? value : [];
}

/** `price.input` is the field `input` of the field `price`. */
function valueAt(item: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => {
    if (typeof at !== 'object' || at === null) return undefined;
    return Object.getOwnPropertyDescriptor(at, key)?.value;
  }, item);
}

function textAt(item: unknown, path: string): string {
  const value = valueAt(item, path);
  if (value === undefined || value === null) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return text.replace(/\s+/g, ' ').slice(0, 60);
}

/** `isAvailable` → `available`, `then.model` → `then model`. */
function titleOf(column: string): string {
  const isFlag = /^is[A-Z]/.test(column);
  const words = (isFlag ? column.slice(2) : column).replaceAll('.', ' ');
  return words.replace(/([a-z])([A-Z])/g, '$1 $2');
}
