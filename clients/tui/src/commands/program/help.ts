import { commandGroups, commandsOf } from '@mosaic/proto/client';
import type { RunCommand } from '../command.ts';

/** The longest command and two spaces, behind which what is long is wrapped. */
const columns = 36;

/** `/help` */
export const help: RunCommand = (_argument, { keys, print }) => {
  const commands = commandsOf('terminal');
  const rows = commandGroups.flatMap((group) =>
    commands
      .filter((one) => one.group === group)
      .map((one) => [`/${one.name} ${one.arguments}`.trim(), one.summary] as const),
  );
  print([...rows, ['', ''] as const, ...keys].map(([left, text]) => row(left, text)));
};

const row = (left: string, text: string): string => `${left.padEnd(columns)}${text}`.trimEnd();
