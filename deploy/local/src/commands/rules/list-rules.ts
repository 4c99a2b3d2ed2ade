import { type ListedRule, ruleTreeInWords } from '@mosaic/proto';
import type { Terminal } from '../../command-line/command.ts';
import { tableLines } from '../../command-line/print-table.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic } from '../../running/running-mosaic.ts';
import { commonOptions, printFindings, readEffective } from './rules-api.ts';

const heading = ['priority', 'name', 'scope', 'enabled', 'when', 'then'];

/** The rules in the order in which they are asked, and what is doubtful about them. */
export async function listRules(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, commonOptions);
  refuseWords(positionals);
  const effective = await readEffective(findMosaic(values));
  if (values.json === true) {
    terminal.print(JSON.stringify(effective));
    return 0;
  }
  for (const line of tableLines(heading, effective.rules.map(toRow))) terminal.print(line);
  if (effective.source !== 'database') {
    terminal.warn(`The database is away: these are the ${effective.source} rules.`);
  }
  printFindings(effective.findings, terminal);
  return 0;
}

function toRow({ enabled, name, priority, scope, then, when }: ListedRule): readonly string[] {
  const conditions = when.map(ruleTreeInWords).join(' and ');
  return [
    String(priority),
    name,
    scope,
    enabled ? 'yes' : 'no',
    shortened(conditions === '' ? 'always' : conditions),
    shortened([targetOf(then), ...then.fallbacks].join(', ')),
  ];
}

function targetOf({ agent, model, only, tier }: ListedRule['then']): string {
  if (only !== undefined) return `only ${only}`;
  return model ?? (tier === undefined ? `agent/${agent}` : `tier/${tier}`);
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
