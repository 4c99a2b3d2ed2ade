import type { RunCommand } from '../command.ts';

/** `/new` */
export const beginNew: RunCommand = (_argument, { session }) => session.startNew();
