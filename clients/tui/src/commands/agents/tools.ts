import type { ToolListing } from '@mosaic/proto';
import {
  describeToolExceptions,
  describeToolPolicy,
  describeToolServers,
  describeToolSource,
  describeToolTroubles,
} from '@mosaic/proto/client';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { RunCommand } from '../command.ts';

/** `/tools [agent]` */
export const listTools: RunCommand = async (argument, { print, session }) => {
  const agent = argument === '' ? session.state.conversation.agent : argument.toLowerCase();
  const listing = await session.rest.listTools(agent);
  print([
    `tools of ${oneLine(listing.agent)}`,
    ...toolLines(listing),
    ...describeToolServers(listing).map(oneLine),
    ...describeToolTroubles(listing).map((line) => `! ${oneLine(line)}`),
  ]);
};

function toolLines({ tools }: ToolListing): string[] {
  const rows = tools.map((tool) => ({
    ...{ isAvailable: tool.isAvailable, summary: oneLine(tool.summary) },
    exceptions: describeToolExceptions(tool).map((line) => `    ${oneLine(line)}`),
    cells: [tool.name, describeToolPolicy(tool), describeToolSource(tool)].map(oneLine),
  }));
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  return rows.flatMap(({ cells, exceptions, isAvailable, summary }) => {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    return [`${isAvailable ? '✓' : '✗'} ${[...padded, summary].join('  ')}`, ...exceptions];
  });
}
