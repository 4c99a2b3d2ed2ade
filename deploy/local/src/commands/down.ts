import { setTimeout as delay } from 'node:timers/promises';
import { MosaicError } from '@mosaic/proto';
import type { Command } from '../command-line/command.ts';
import { readOptions, refuseWords } from '../command-line/read-options.ts';
import { chosenDirectory } from '../running/running-mosaic.ts';
import { findRunningPid } from '../stack/installation/run-state.ts';

const stopLimitMs = 60_000;
const pollMs = 50;

export const downCommand: Command = {
  usage: `Usage: mosaic down [--data-dir D]

Asks the running Mosaic to stop and waits until it has: running turns end first.`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { 'data-dir': { type: 'string' } });
    refuseWords(positionals);
    const directory = chosenDirectory(values);
    const pid = findRunningPid(directory);
    if (pid === undefined) {
      terminal.print(`No Mosaic runs from ${directory.path}.`);
      return 0;
    }
    process.kill(pid, 'SIGTERM');
    const giveUpAt = Date.now() + stopLimitMs;
    while (findRunningPid(directory) === pid) {
      if (Date.now() > giveUpAt) {
        const sentence = `Process ${pid} has not stopped within a minute: "kill -9 ${pid}" ends it, and nothing acknowledged is lost by that.`;
        throw new MosaicError('deadline_exceeded', sentence);
      }
      await delay(pollMs);
    }
    terminal.print(`Mosaic has stopped (process ${pid}).`);
    return 0;
  },
};
