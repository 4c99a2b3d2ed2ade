import type { Choice, ChoiceList } from '../../commands/command.ts';
import {
  decodeKittyPrintable,
  fuzzyFilter,
  matchesKey,
  SelectList,
  truncateToWidth,
} from '../../screen/pi-tui.ts';
import { bold, dim } from '../../screen/style.ts';
import { listTheme } from '../prompt/list-theme.ts';
import type { Overlay } from './overlay.ts';

export interface PickerOptions extends ChoiceList {
  onPick(value: string | null): void;
  requestPaint(): void;
}

const searchDelayMs = 200;
const narrowColumns = 70;

/** A list in the place of the editor: arrows move, typing filters, Enter takes, Esc leaves. */
export class Picker implements Overlay {
  readonly #options: PickerOptions;
  #query = '';
  #found: readonly Choice[] = [];
  #list: SelectList;
  #rows = 8;
  #width = 80;
  #searchTimer: NodeJS.Timeout | undefined;

  constructor(options: PickerOptions) {
    this.#options = options;
    this.#list = this.#makeList();
  }

  render(width: number, rows: number): string[] {
    const listRows = Math.max(1, Math.min(10, rows - 4));
    if (listRows !== this.#rows || width !== this.#width) {
      this.#rows = listRows;
      this.#width = width;
      this.#rebuild();
    }
    const query = this.#query === '' ? dim('type to filter') : this.#query;
    return [
      truncateToWidth(`${bold(this.#options.title)}  ${query}`, width, '…'),
      ...this.#list.render(width),
      ...this.#selectedDescription(width),
      dim(truncateToWidth('↑↓ move · Enter take · Esc leave', width, '…')),
    ];
  }

  handleInput(data: string): void {
    const printable = decodeKittyPrintable(data) ?? (isPrintable(data) ? data : undefined);
    if (matchesKey(data, 'escape') || matchesKey(data, 'ctrl+c')) this.#finish(null);
    else if (matchesKey(data, 'backspace')) this.#setQuery([...this.#query].slice(0, -1).join(''));
    else if (printable !== undefined) this.#setQuery(this.#query + printable);
    else this.#list.handleInput(data);
  }

  /** Narrow screens have no room for descriptions in the list. */
  #selectedDescription(width: number): string[] {
    const description = this.#list.getSelectedItem()?.description ?? '';
    return width >= narrowColumns || description === ''
      ? []
      : [dim(truncateToWidth(`  ${description}`, width, '…'))];
  }

  #finish(value: string | null): void {
    clearTimeout(this.#searchTimer);
    this.#options.onPick(value);
  }

  #setQuery(query: string): void {
    this.#query = query;
    this.#found = [];
    this.#rebuild();
    clearTimeout(this.#searchTimer);
    const { search } = this.#options;
    if (search === undefined || query.trim().length < 2) return;
    this.#searchTimer = setTimeout(() => {
      search(query).then(
        (found) => {
          if (this.#query !== query) return;
          this.#found = found;
          this.#rebuild();
          this.#options.requestPaint();
        },
        // Searching is an extra: the list that is shown stays usable.
        () => {},
      );
    }, searchDelayMs);
  }

  #rebuild(): void {
    const selected = this.#list.getSelectedItem()?.value;
    this.#list = this.#makeList();
    const index = this.#choices().findIndex((choice) => choice.value === selected);
    if (index > 0 && this.#query === '') this.#list.setSelectedIndex(index);
  }

  #choices(): readonly Choice[] {
    const { choices } = this.#options;
    if (this.#query === '') return choices;
    const near = fuzzyFilter([...choices], this.#query, (one) => `${one.label} ${one.description}`);
    const known = new Set(near.map((one) => one.value));
    return [...near, ...this.#found.filter((one) => !known.has(one.value))];
  }

  #makeList(): SelectList {
    const list = new SelectList([...this.#choices()], this.#rows, listTheme, {
      minPrimaryColumnWidth: 12,
      maxPrimaryColumnWidth: Math.max(12, Math.floor(this.#width / 2)),
    });
    list.onSelect = (item) => this.#finish(item.value);
    return list;
  }
}

function isPrintable(data: string): boolean {
  return !data.startsWith('\x1b') && data.charCodeAt(0) >= 0x20 && data !== '\x7f';
}
