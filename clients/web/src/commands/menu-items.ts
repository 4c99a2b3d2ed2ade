import { type CommandSpec, efforts, taskTypes } from '@mosaic/proto';
import { filterOptions, type Option } from '../composer/option.ts';

/** One line of the menu over the field: a command, or something to give it. */
export interface MenuItem extends Option {
  /** What the field holds once it is chosen. */
  readonly typed: string;
  /** True when Enter may send what was chosen. */
  readonly isWhole: boolean;
}

/** What can be given to commands, by their names. */
export type ArgumentOptions = Readonly<Record<string, readonly Option[]>>;

const plain = (values: readonly string[]): readonly Option[] =>
  values.map((value) => ({ value, label: value, detail: '', problem: null }));

/** The arguments that are known without asking. */
export const fixedArguments: ArgumentOptions = {
  approve: plain(['once', 'conversation', 'deny']),
  copy: plain(['code']),
  export: plain(['markdown', 'json']),
  route: plain([...taskTypes, 'good', 'bad']),
  thinking: plain([...efforts, 'auto']),
};

/** What a text that begins with a slash may become; nothing when it is a message. */
export function menuItems(
  text: string,
  commands: readonly CommandSpec[],
  argumentOptions: ArgumentOptions,
): readonly MenuItem[] {
  const word = /^\/([a-z]*)$/.exec(text)?.[1];
  if (word !== undefined) {
    const starting = commands.filter(({ name }) => name.startsWith(word));
    // A word that begins no command may stand in what one does: "/price" finds nothing, "/cost" does.
    const fitting =
      starting.length > 0 ? starting : commands.filter(({ summary }) => summary.includes(word));
    return fitting.map(commandItem);
  }
  const [, name = '', given = ''] = /^\/([a-z]+) ([^\n]*)$/.exec(text) ?? [];
  if (!commands.some((command) => command.name === name)) return [];
  return filterOptions(argumentOptions[name] ?? [], given).map((option) => ({
    ...option,
    typed: `/${name} ${option.value}`,
    isWhole: true,
  }));
}

function commandItem({ arguments: given, name, summary }: CommandSpec): MenuItem {
  return {
    value: name,
    label: `/${name} ${given}`.trim(),
    detail: summary,
    problem: null,
    typed: `/${name}${given === '' ? '' : ' '}`,
    isWhole: !given.startsWith('<'),
  };
}
