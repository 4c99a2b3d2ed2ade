import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

export interface Check {
  readonly name: string;
  /** Program and arguments, run in the root. Exit code 0 means good. */
  readonly command: readonly string[];
  /** Further arguments, of which only existing paths are passed on. */
  readonly existing?: readonly string[];
  /** The check is left out while this path does not exist. */
  readonly onlyWith?: string;
}

export interface CheckResult {
  readonly name: string;
  readonly isGood: boolean;
  readonly seconds: number;
  readonly output: string;
}

interface RunOptions {
  readonly root: string;
  /** Called with each result as soon as it is known. */
  readonly show: (result: CheckResult) => void;
}

function runCheck(check: Check, root: string): Promise<CheckResult> {
  const { name } = check;
  const paths = (check.existing ?? []).filter((path) => existsSync(join(root, path)));
  const [program = '', ...args] = [...check.command, ...paths];
  const started = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    const finish = (isGood: boolean): void => {
      resolve({ name, isGood, output, seconds: (performance.now() - started) / 1000 });
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });
}

/** Runs the checks, as many at a time as there are cores, all of them whatever fails. */
export async function runChecks(
  checks: readonly Check[],
  { root, show }: RunOptions,
): Promise<readonly CheckResult[]> {
  const waiting = checks.filter(
    ({ onlyWith }) => onlyWith === undefined || existsSync(join(root, onlyWith)),
  );
  const queue = [...waiting];
  const results: CheckResult[] = [];
  const work = async (): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const result = await runCheck(check, root);
      results.push(result);
      show(result);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}
