import { MosaicError } from '@mosaic/proto';
import { describeError } from '../../command-line/describe-error.ts';
import { holdDirectory } from '../installation/hold-directory.ts';
import type { RunState } from '../installation/run-state.ts';
import { type ProgressLine, progressText, reportProgress } from '../progress.ts';
import { logSinkFor } from '../services/service-logs.ts';
import { type RunningStack, type StackOptions, startStack } from '../start-stack.ts';
import { spawnTui } from './spawn-tui.ts';
import { watchForEnd } from './watch-for-end.ts';

/** Said once, when Mosaic answers. */
export type ReadyLine = RunState & {
  readonly event: 'ready';
  readonly mode: string;
  readonly tookMs: number;
  readonly ownerTokenFile: string;
};

export interface ForegroundOptions {
  readonly stack: Pick<StackOptions, 'config' | 'user' | 'directory' | 'isIsolated'>;
  readonly opensTui: boolean;
  /** With a terminal, logs go to files: nobody reads JSON between the lines meant for people. */
  readonly isInteractive: boolean;
  write(line: ProgressLine | ReadyLine): void;
}

/** Runs the stack until a signal, the end of the TUI or a breakdown; settles with the exit code. */
export async function runForeground(options: ForegroundOptions): Promise<number> {
  const { directory } = options.stack;
  const lock = holdDirectory(directory);
  const logsDir = options.isInteractive ? directory.logsDir : undefined;
  const output = quietable(options, logsDir);
  const progress = reportProgress(output.write);
  const end = watchForEnd();
  const startedMs = performance.now();
  let stack: RunningStack | undefined;
  try {
    stack = await startStack({ ...options.stack, logsDir, progress, signal: end.signal });
    options.write({
      event: 'ready',
      ...stack.state,
      mode: stack.mode,
      tookMs: Math.round(performance.now() - startedMs),
      ownerTokenFile: directory.ownerTokenFile,
    });
    return await stay(options, end, output);
  } catch (thrown) {
    // Ctrl-C during the start is a wish, not a failure.
    if (end.signal.aborted && end.cause === undefined) return 0;
    throw thrown;
  } finally {
    await stack?.stop();
    if (stack !== undefined) progress.say('stopped');
    lock.release();
    output.close();
  }
}

type End = ReturnType<typeof watchForEnd>;
type Output = ReturnType<typeof quietable>;

async function stay(options: ForegroundOptions, end: End, output: Output): Promise<number> {
  if (options.opensTui) {
    output.silence();
    const tui = await spawnTui(options.stack.directory);
    await Promise.race([tui.exited, end.happened]);
    tui.end();
    await tui.exited;
    output.speak();
  } else {
    await end.happened;
  }
  if (end.cause === undefined) {
    output.write({ event: 'notice', sentence: 'stopping' });
    return 0;
  }
  throw new MosaicError('internal', `Mosaic stops: ${describeError(end.cause)}`);
}

/** While the TUI has the screen, lines go to `logs/launcher.log`. */
function quietable({ write }: ForegroundOptions, logsDir: string | undefined) {
  const sink = logsDir === undefined ? undefined : logSinkFor('launcher', logsDir);
  let isSilent = false;
  return {
    write(line: ProgressLine) {
      sink?.write(`${new Date().toISOString()} ${progressText(line)}\n`);
      if (!isSilent) write(line);
    },
    silence() {
      isSilent = true;
    },
    speak() {
      isSilent = false;
    },
    close: () => sink?.close(),
  };
}
