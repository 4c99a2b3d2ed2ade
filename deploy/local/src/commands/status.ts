import type { Command, Terminal } from '../command-line/command.ts';
import { tableLines } from '../command-line/print-table.ts';
import { readOptions, refuseWords } from '../command-line/read-options.ts';
import { chosenDirectory } from '../running/running-mosaic.ts';
import { findRunning, findRunningPid, type RunState } from '../stack/installation/run-state.ts';
import { askReadiness, type Readiness } from '../stack/services/wait-until-ready.ts';

interface ServiceStatus extends Readiness {
  readonly name: string;
}

export const statusCommand: Command = {
  usage: `Usage: mosaic status [--json] [--data-dir D]

Shows what runs and whether each service is ready. Ends with 1 when something is not.`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, {
      json: { type: 'boolean' },
      'data-dir': { type: 'string' },
    });
    refuseWords(positionals);
    const directory = chosenDirectory(values);
    const state = findRunning(directory);
    const services = state === undefined ? [] : await askServices(state);
    const isReady = state !== undefined && services.every((service) => service.isReady);
    if (values.json === true) {
      terminal.print(
        JSON.stringify({ isRunning: state !== undefined, isReady, ...state, services }),
      );
      return isReady ? 0 : 1;
    }
    if (state === undefined) {
      const pid = findRunningPid(directory);
      terminal.print(
        pid === undefined
          ? `No Mosaic runs from ${directory.path}: start it with "npm start".`
          : `Mosaic is starting or stopping (process ${pid}).`,
      );
      return 1;
    }
    printStatus(terminal, state, services);
    return isReady ? 0 : 1;
  },
};

async function askServices({ ports }: RunState): Promise<readonly ServiceStatus[]> {
  const asked = Object.entries(ports.health).map(async ([name, port]) => ({
    name,
    ...(await askReadiness(`http://127.0.0.1:${port}`)),
  }));
  return Promise.all(asked);
}

function printStatus(
  terminal: Terminal,
  state: RunState,
  services: readonly ServiceStatus[],
): void {
  const mode = state.isDemo ? 'demo mode, answers are simulated' : 'real vendors';
  const shape = state.isIsolated ? 'one process per service' : 'one process';
  terminal.print(`Mosaic at ${state.url} (process ${state.pid}, ${mode}, ${shape})`);
  terminal.print(`since ${state.startedAt}`);
  const rows = services.map(({ name, isReady, failing }) => [
    name,
    isReady ? 'ready' : 'not ready',
    failing.join(', '),
  ]);
  for (const line of tableLines(['service', 'state', 'failing'], rows)) terminal.print(line);
  for (const { details, name } of services) {
    for (const detail of details) terminal.print(`! ${name}: ${detail}`);
  }
}
