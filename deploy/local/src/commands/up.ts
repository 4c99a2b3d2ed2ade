import { buildWebClient } from '../../../../scripts/build-web-client.ts';
import type { Command, Terminal } from '../command-line/command.ts';
import { readOptions, refuseWords } from '../command-line/read-options.ts';
import { readLauncherConfig, repositoryRoot } from '../settings/launcher-settings.ts';
import { forgetFromEnvironment, processEnvironment } from '../settings/process-environment.ts';
import { runForeground } from '../stack/foreground/run-foreground.ts';
import { spawnTui } from '../stack/foreground/spawn-tui.ts';
import { openDataDirectory } from '../stack/installation/data-directory.ts';
import { findRunning } from '../stack/installation/run-state.ts';
import { type ProgressLine, progressText, reportProgress } from '../stack/progress.ts';
import { secretVariables } from '../stack/services/service-environment.ts';

const usage = `Usage: mosaic up [options]

Starts NATS, Redis, the database and all services, and stays in the foreground.

  --open-tui       open the terminal client when there is a terminal; leaving it stops Mosaic
  --isolate        run each service as a process of its own
  --port N         port of the gateway (MOSAIC_PORT); default 14242 or the next free one
  --data-dir D     where everything is kept (MOSAIC_DATA_DIR); default .mosaic
  --json           print progress as lines of JSON`;

const options = {
  'open-tui': { type: 'boolean' },
  isolate: { type: 'boolean' },
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const upCommand: Command = {
  usage,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, options);
    refuseWords(positionals);
    const user = processEnvironment();
    const config = readLauncherConfig(user, values);
    const directory = openDataDirectory(config.dataDir);
    const opensTui = values['open-tui'] === true && terminal.isInteractive;
    const running = opensTui ? findRunning(directory) : undefined;
    if (running !== undefined) {
      terminal.print(
        `Mosaic already runs at ${running.url} (process ${running.pid}): this opens the terminal client on it, and leaving that does not stop it.`,
      );
      return (await spawnTui(directory)).exited;
    }
    // Read by now: nothing that is started from here inherits them.
    forgetFromEnvironment(secretVariables);
    const write = lineWriter(terminal, values.json === true);
    const { say } = reportProgress(write);
    buildPage(say);
    return runForeground({
      stack: { config, user, directory, isIsolated: values.isolate === true },
      opensTui,
      isInteractive: terminal.isInteractive,
      write,
    });
  },
};

type Write = Parameters<typeof runForeground>[0]['write'];

function lineWriter(terminal: Terminal, asJson: boolean): Write {
  return (line) => {
    if (asJson) terminal.print(JSON.stringify(line));
    else terminal.print(line.event === 'ready' ? readyText(line) : progressText(line));
  };
}

type ReadyLine = Exclude<Parameters<Write>[0], ProgressLine>;

function readyText({ url, mode, tookMs, ownerTokenFile }: ReadyLine): string {
  return [
    '',
    `Mosaic is ready after ${(tookMs / 1000).toFixed(1)} s: ${url}`,
    `  answers   ${mode}`,
    '  chat      npx mosaic tui, npx mosaic ask "…"',
    `  page      ${url} ("npx mosaic page" prints a link that signs you in)`,
    `  programs  ${url}/v1 (OpenAI and Anthropic formats), key in ${ownerTokenFile}`,
    '  stop      Ctrl-C, or npx mosaic down',
  ].join('\n');
}

/** A page that does not build is no reason to keep the rest from starting. */
function buildPage(say: (sentence: string) => void): void {
  try {
    buildWebClient(repositoryRoot, say);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    say(`starting without the web page: ${why}`);
  }
}
