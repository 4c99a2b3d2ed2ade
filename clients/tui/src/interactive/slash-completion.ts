import type { AutocompleteProvider } from '@earendil-works/pi-tui';
import { commandsOf } from '@mosaic/proto/client';

const commands = commandsOf('terminal');

/** Completes the names of commands at the beginning of a message. */
export const slashCompletion: AutocompleteProvider = {
  getSuggestions(lines, cursorLine, cursorCol) {
    const typed = (lines[cursorLine] ?? '').slice(0, cursorCol);
    if (cursorLine !== 0 || !/^\/[a-z]*$/.test(typed)) return Promise.resolve(null);
    const items = commands
      .filter((command) => `/${command.name}`.startsWith(typed))
      .map((command) => ({
        value: command.name,
        label: `/${command.name} ${command.arguments}`.trim(),
        description: command.summary,
      }));
    return Promise.resolve(items.length === 0 ? null : { items, prefix: typed });
  },
  applyCompletion(...[lines, cursorLine, , item]) {
    const command = commands.find((one) => one.name === item.value);
    const text = `/${item.value}${command === undefined || command.arguments === '' ? '' : ' '}`;
    return { lines: lines.with(cursorLine, text), cursorLine, cursorCol: text.length };
  },
};
