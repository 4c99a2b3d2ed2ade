import type { RunCommand } from '../command.ts';

/** `/quit` */
export const quit: RunCommand = (_argument, host) => host.quit();
