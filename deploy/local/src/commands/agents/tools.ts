import {
  describeToolExceptions,
  describeToolPolicy,
  describeToolServers,
  describeToolSource,
  describeToolTroubles,
  listTools,
} from '@mosaic/proto';
import type { Command } from '../../command-line/command.ts';
import { tableLines } from '../../command-line/print-table.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic } from '../../running/running-mosaic.ts';

export const toolsCommand: Command = {
  usage: `Usage: mosaic tools [--agent NAME] [--json] [--data-dir D]

Lists the tools: what an agent may do with each, where it comes from, and whether it works now. Below
the list stands why something does not, and what to do.

  --agent NAME   the agent; without it "assistant"
  --json         print what the gateway answers
  --data-dir D   the Mosaic that runs from this directory`,
  async run(args, terminal) {
    const { positionals, values } = readOptions(args, {
      agent: { type: 'string' },
      json: { type: 'boolean' },
      'data-dir': { type: 'string' },
    });
    refuseWords(positionals);
    const { agent, json } = values;
    const query = agent === undefined ? '' : `?agent=${encodeURIComponent(agent)}`;
    const body = await findMosaic(values).get(`/api/tools${query}`);
    if (json === true) {
      terminal.print(JSON.stringify(body));
      return 0;
    }
    const listing = listTools.reply.parse(body);
    const rows = listing.tools.map((tool) => [
      ...[tool.name, describeToolPolicy(tool), describeToolSource(tool)],
      ...[tool.isAvailable ? 'yes' : 'no', tool.summary],
    ]);
    const heading = ['name', 'policy', 'source', 'now', 'what'];
    terminal.print(`Tools of ${listing.agent}:`);
    for (const [index, line] of tableLines(heading, rows).entries()) {
      terminal.print(line);
      // The first line is the heading.
      const tool = listing.tools[index - 1];
      const exceptions = tool === undefined ? [] : describeToolExceptions(tool);
      for (const exception of exceptions) terminal.print(`    ${exception}`);
    }
    for (const line of describeToolServers(listing)) terminal.print(line);
    for (const line of describeToolTroubles(listing)) terminal.print(`! ${line}`);
    return 0;
  },
};
