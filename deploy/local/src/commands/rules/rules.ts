import { MosaicError, nearestName } from '@mosaic/proto';
import { z } from 'zod';
import type { Command, Terminal } from '../../command-line/command.ts';
import { addRules, editRule, removeRule } from './change-rules.ts';
import { explainText } from './explain-text.ts';
import { lintRules } from './lint-rules.ts';
import { listRules } from './list-rules.ts';
import { replayRules } from './replay-rules.ts';
import { acceptOne, dismissOne, showSuggestions } from './suggestions.ts';
import { testRules } from './test-rules.ts';

type Run = (args: readonly string[], terminal: Terminal) => Promise<number>;

const parts: Readonly<Record<string, Run>> = {
  list: listRules,
  explain: explainText,
  add: addRules,
  edit: editRule,
  remove: removeRule,
  test: testRules,
  lint: lintRules,
  replay: replayRules,
  suggestions: showSuggestions,
  accept: acceptOne,
  dismiss: dismissOne,
};

export const rulesCommand: Command = {
  usage: `Usage: mosaic rules [list] [options]
       mosaic rules explain "TEXT" [--model M] [--agent A] [--judge] [options]
       mosaic rules add FILE|- [--system] [options]
       mosaic rules edit NAME [FILE|-] [--priority N] [--enable | --disable] [--system] [options]
       mosaic rules remove NAME [--system] [options]
       mosaic rules test FILE|- [options]
       mosaic rules lint [FILE|-] [options]
       mosaic rules replay [FILE|-] [--without NAME]… [--limit N] [options]
       mosaic rules replay --turn CONVERSATION MESSAGE [options]
       mosaic rules suggestions | accept ID [--system] | dismiss ID [options]

Lists the rules in the order in which they are asked, says which model a text would go to and why,
and changes your own rules, or with --system everybody's. FILE has one rule as JSON, or a list of
them; "-" is the standard input.

  explain   the rule, the reason, every rule that was passed by, and the models that were rejected;
            with --judge the model that you set for doubtful messages is asked too, which costs
  test      prompts with what you expect, one {"text", "expect": {"model", "rule", "task"}} a line or
            a list; exit code 1 when one goes elsewhere
  lint      what is wrong or doubtful about the rules in force, or about those of FILE among them
  replay    which of your newest 500 messages would have gone to another model by the rules of FILE,
            and what that would have cost; nothing is saved. With --turn: decides one stored turn again
            from its record; exit code 1 when something else comes out
  suggestions   what could be learned from your feedback (/route, thumbs); accept makes it your
            rule or your example, dismiss does not offer it again

  --json           the whole answer as JSON
  --data-dir D     the Mosaic that runs from this directory`,
  async run(args, terminal) {
    const [word] = args;
    const isPart = word !== undefined && !word.startsWith('-');
    const name = isPart ? word : 'list';
    const run = Object.hasOwn(parts, name) ? parts[name] : undefined;
    if (run === undefined) throw unknownPart(name);
    try {
      return await run(isPart ? args.slice(1) : args, terminal);
    } catch (thrown) {
      for (const line of problemLines(thrown)) terminal.warn(line);
      throw thrown;
    }
  },
};

function unknownPart(name: string): MosaicError {
  const near = nearestName(name, Object.keys(parts));
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return new MosaicError('bad_request', `There is no "mosaic rules ${name}".${hint}`);
}

const problems = z.array(z.object({ path: z.string(), message: z.string() })).min(2);

/** Several problems of one draft come with the error; one alone is its message. */
function problemLines(thrown: unknown): readonly string[] {
  const details = thrown instanceof MosaicError ? thrown.details : undefined;
  const { data = [] } = problems.safeParse(details);
  return data.map(({ message, path }) => `  ${path}: ${message}`);
}
