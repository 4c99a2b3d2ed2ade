import type { Command } from './command.ts';

export const quitCommand: Command = {
  name: 'quit',
  argument: '',
  summary: 'leave; a running answer goes on and is there when you come back',
  run(_argument, host) {
    host.quit();
  },
};
