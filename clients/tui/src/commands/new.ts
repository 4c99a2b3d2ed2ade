import type { Command } from './command.ts';

export const newCommand: Command = {
  name: 'new',
  argument: '',
  summary: 'begin a new conversation',
  run(_argument, { session }) {
    session.startNew();
  },
};
