import type { Command } from './command.ts';

const keys: readonly (readonly [string, string])[] = [
  ['Enter', 'send (while an answer is written: queued)'],
  ['Shift+Enter, Alt+Enter, Ctrl+J, \\ Enter', 'new line'],
  ['Up, Down', 'earlier messages, when the editor is empty'],
  ['Esc', 'stop the running answer'],
  ['Ctrl+C twice, Ctrl+D', 'quit'],
];

/** `/help`; it gets the table because it is itself in it. */
export function makeHelpCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    argument: '',
    summary: 'show this',
    run(_argument, { print }) {
      const rows = [
        ...commands().map((one) => [`/${one.name} ${one.argument}`.trim(), one.summary] as const),
        ...keys,
      ];
      print(rows.map(([left, text]) => `${left.padEnd(20)} ${text}`));
    },
  };
}
