import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { waitFor } from '@mosaic/test-kit';

const run = promisify(execFile);

export interface Tmux extends AsyncDisposable {
  /** Keys by tmux's names (`Enter`, `M-Up`), or text. */
  keys(...keys: readonly string[]): Promise<void>;
  /** Everything that ever was in the pane, rows that tmux wrapped joined again. */
  everything(): Promise<readonly string[]>;
  screen(): Promise<string>;
  waitFor(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
}

/** A shell in a tmux server of its own, with enough history for a long answer. */
export async function openTmux(columns: number, rows: number): Promise<Tmux> {
  const socket = `mosaic-${randomUUID()}`;
  const tmux = async (...args: readonly string[]): Promise<string> =>
    (await run('tmux', ['-L', socket, '-f', '/dev/null', ...args], { maxBuffer: 1 << 26 })).stdout;
  const size = ['-x', String(columns), '-y', String(rows)];
  await tmux('new-session', '-d', '-s', 'keep', ...size, 'sh');
  await tmux('set-option', '-g', 'history-limit', '60000');
  await tmux('new-session', '-d', '-s', 'test', ...size, 'env PS1="$ " sh');
  const screen = () => tmux('capture-pane', '-p', '-t', 'test');
  return {
    keys: async (...keys) => void (await tmux('send-keys', '-t', 'test', ...keys)),
    everything: async () =>
      (await tmux('capture-pane', '-pJ', '-S', '-', '-t', 'test')).split('\n'),
    screen,
    async waitFor(text) {
      await waitFor(async () => (await screen()).includes(text));
    },
    resize: async (to, high) =>
      void (await tmux('resize-window', '-t', 'test', '-x', String(to), '-y', String(high))),
    [Symbol.asyncDispose]: async () => void (await tmux('kill-server').catch(() => undefined)),
  };
}
