import { acceptSuggestion, listSuggestions, MosaicError, ruleTreeInWords } from '@mosaic/proto';
import type { Terminal } from '../../command-line/command.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic } from '../../running/running-mosaic.ts';
import { commonOptions, printFindings } from './rules-api.ts';

const path = '/api/routing/suggestions';

/** What could be learned from one's own feedback; nothing of it is in force. */
export async function showSuggestions(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { positionals, values } = readOptions(args, commonOptions);
  refuseWords(positionals);
  const answer = listSuggestions.reply.parse(await findMosaic(values).get(path));
  if (values.json === true) {
    terminal.print(JSON.stringify(answer));
    return 0;
  }
  for (const { id, rule, sentence } of answer.suggestions) {
    terminal.print(id);
    terminal.print(`  ${sentence}`);
    if (rule !== undefined) {
      const models = [rule.then.model ?? '', ...rule.then.fallbacks].join(', ');
      terminal.print(`  when ${rule.when.map(ruleTreeInWords).join(' and ')}: ${models}`);
    }
  }
  if (answer.suggestions.length === 0) {
    terminal.print(
      'Nothing is suggested. /route and thumbs under an answer are what it learns from.',
    );
  } else terminal.print('Take one with "mosaic rules accept ID", or "mosaic rules dismiss ID".');
  return 0;
}

/** Makes a suggestion one's own rule or exemplar, or everybody's. */
export async function acceptOne(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = { ...commonOptions, system: { type: 'boolean' } } as const;
  const { positionals, values } = readOptions(args, options);
  const id = oneId(positionals);
  const body = values.system === true ? { scope: 'system' } : {};
  const answer = await findMosaic(values).post(`${path}/${id}/accept`, body);
  const { exemplar, findings, rule } = acceptSuggestion.reply.parse(answer);
  if (values.json === true) {
    terminal.print(JSON.stringify(answer));
    return 0;
  }
  if (rule !== undefined) terminal.print(`The rule "${rule.name}" is in force.`);
  if (exemplar !== undefined) terminal.print(`Such messages are taken as ${exemplar.task} now.`);
  printFindings(findings, terminal);
  return 0;
}

/** Does not offer a suggestion again. */
export async function dismissOne(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, commonOptions);
  const id = oneId(positionals);
  await findMosaic(values).post(`${path}/${id}/dismiss`, {});
  terminal.print(values.json === true ? JSON.stringify({ id }) : 'It is not offered again.');
  return 0;
}

function oneId([id, ...more]: readonly string[]): string {
  if (id === undefined) {
    throw new MosaicError('bad_request', 'Say which one: "mosaic rules suggestions" lists them.');
  }
  refuseWords(more);
  return encodeURIComponent(id);
}
