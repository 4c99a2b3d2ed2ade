import { lintRules as lintContract } from '@mosaic/proto';
import type { Terminal } from '../../command-line/command.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic } from '../../running/running-mosaic.ts';
import {
  commonOptions,
  printFindings,
  readEffective,
  readObjects,
  rulesPath,
} from './rules-api.ts';

/** What is wrong or doubtful; 1 when something would refuse a save. */
export async function lintRules(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, commonOptions);
  const [file, ...more] = positionals;
  refuseWords(more);
  const mosaic = findMosaic(values);
  const { findings, problems } =
    file === undefined
      ? { findings: (await readEffective(mosaic)).findings, problems: [] }
      : lintContract.reply.parse(
          await mosaic.post(`${rulesPath}/lint`, { rules: readObjects(file) }),
        );
  if (values.json === true) terminal.print(JSON.stringify({ problems, findings }));
  else {
    for (const { message, path } of problems) terminal.print(`error: ${path}: ${message}`);
    printFindings(findings, terminal);
    if (findings.length + problems.length === 0) terminal.print('Nothing to say.');
  }
  const hasErrors = problems.length > 0 || findings.some(({ level }) => level === 'error');
  return hasErrors ? 1 : 0;
}
