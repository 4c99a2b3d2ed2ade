import { applyFixes } from '../checkup/apply-fixes.ts';
import type { Finding } from '../checkup/finding.ts';
import { gatherFacts } from '../checkup/gather-facts.ts';
import { judgeFacts } from '../checkup/judge-facts.ts';
import type { Command } from '../command-line/command.ts';
import { readOptions, refuseWords } from '../command-line/read-options.ts';
import { processEnvironment } from '../settings/process-environment.ts';

const marks = { ok: '✓', advice: '·', missing: '✗' } as const;

export const doctorCommand: Command = {
  usage: `Usage: mosaic doctor [--fix] [--json] [--data-dir D]

Checks this machine and says what to do. Ends with 1 when something that Mosaic needs is missing.

  --fix   install missing servers, close the data directory to others, build the web client`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, {
      fix: { type: 'boolean' },
      json: { type: 'boolean' },
      'data-dir': { type: 'string' },
    });
    refuseWords(positionals);
    const env = processEnvironment();
    let facts = await gatherFacts(env, values);
    if (values.fix === true) {
      await applyFixes(facts, (sentence) => terminal.warn(sentence));
      facts = await gatherFacts(env, values);
    }
    const findings = judgeFacts(facts);
    const isUsable = findings.every((finding) => finding.state !== 'missing');
    if (values.json === true) terminal.print(JSON.stringify({ isUsable, findings }));
    else for (const finding of findings) terminal.print(lineOf(finding));
    return isUsable ? 0 : 1;
  },
};

function lineOf({ check, state, sentence, fix }: Finding): string {
  const line = `${marks[state]} ${check.padEnd(15)} ${sentence}`;
  return fix === undefined ? line : `${line}\n  ${''.padEnd(15)} → ${fix}`;
}
