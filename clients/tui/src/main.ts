import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';

enableCompileCache();

const usage = `mosaic tui [--url <url>] [--token <token>] [--plain] [--conversation <id>] [--new]
mosaic ask "<text>" [--url <url>] [--token <token>] [--model <name>] [--agent <name>]
           [--conversation <id>] [--json]        (piped text is added to the question)`;

const options = {
  url: { type: 'string' },
  token: { type: 'string' },
  plain: { type: 'boolean' },
  conversation: { type: 'string' },
  new: { type: 'boolean' },
  model: { type: 'string' },
  agent: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

process.exitCode = await run(process.argv.slice(2));

async function run(args: string[]): Promise<number> {
  const parsed = parse(args);
  if (parsed === null) return 2;
  const { values, positionals } = parsed;
  const [command = 'tui', ...words] = positionals;
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const { env } = process;
  if (command === 'tui') {
    const { runTui } = await import('./run-tui.ts');
    await runTui({ ...values, newConversation: values.new, env });
    return 0;
  }
  if (command === 'ask') {
    const { runAsk } = await import('./ask/run-ask.ts');
    return runAsk({ ...values, text: words.join(' '), env });
  }
  process.stderr.write(`Unknown command ${command}.\n${usage}\n`);
  return 2;
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : thrown}\n${usage}\n`);
    return null;
  }
}
