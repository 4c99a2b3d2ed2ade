import { formatModelRef, type MovedMessage, replayRules as replayContract } from '@mosaic/proto';
import type { Terminal } from '../../command-line/command.ts';
import { tableLines } from '../../command-line/print-table.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic } from '../../running/running-mosaic.ts';
import { replayTurn } from './replay-turn.ts';
import { commonOptions, printFindings, readObjects } from './rules-api.ts';

const replayLimitMs = 90_000;

/** What changed rules would have done to one's own past messages; saves nothing. */
export async function replayRules(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, {
    ...commonOptions,
    without: { type: 'string', multiple: true },
    limit: { type: 'string' },
    turn: { type: 'boolean' },
  });
  if (values.turn === true) {
    const isJson = values.json === true;
    return await replayTurn(findMosaic(values), positionals, { isJson, terminal });
  }
  const [file, ...more] = positionals;
  refuseWords(more);
  const wish = {
    rules: file === undefined ? [] : readObjects(file),
    without: values.without ?? [],
    ...(values.limit === undefined ? {} : { limit: Number(values.limit) }),
  };
  const answer = await findMosaic(values).post('/api/routing/replay', wish, replayLimitMs);
  const seen = replayContract.reply.parse(answer);
  if (values.json === true) {
    terminal.print(JSON.stringify(seen));
    return 0;
  }
  const heading = ['message', 'from', 'to', 'rule', 'difference'];
  for (const line of tableLines(heading, seen.moved.map(toRow))) terminal.print(line);
  const { difference } = seen.expectedCostUsd;
  const older = seen.isComplete ? '' : ' (there are older ones)';
  terminal.print(
    `${seen.moved.length} of ${seen.messages} messages move${older}: ${signed(difference)} in all.`,
  );
  if (seen.unknownCosts > 0) {
    terminal.print(`The cost of ${seen.unknownCosts} of them is not known and left out.`);
  }
  printFindings(seen.findings, terminal);
  return 0;
}

function toRow({ from, text, to }: MovedMessage): readonly string[] {
  const [before, after] = [from?.expectedCostUsd ?? null, to?.expectedCostUsd ?? null];
  const line = text.replace(/\s+/g, ' ');
  return [
    line.length <= 40 ? line : `${line.slice(0, 39)}…`,
    from === null ? 'nobody' : formatModelRef(from),
    to === null ? 'nobody' : formatModelRef(to),
    to?.rule ?? '–',
    before === null || after === null ? 'unknown' : signed(after - before),
  ];
}

function signed(usd: number): string {
  return `${usd < 0 ? '-' : '+'}$${Math.abs(usd).toFixed(5)}`;
}
