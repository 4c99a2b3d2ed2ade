import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

export const repository = join(import.meta.dirname, '../..');

/** Writes the files (path → text) into a new folder that is removed after the test. */
export function makeTree(test: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'mosaic-rules-'));
  test.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program in a folder and waits; the output is stdout and stderr. */
export function runIn(folder: string, command: readonly string[]): Outcome {
  const [program = '', ...args] = command;
  const result = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return { code: result.status, output: `${result.stdout}${result.stderr}` };
}

/** Runs one of the scripts of this repository against another tree. */
export function runScript(name: string, root: string): Outcome {
  return runIn(root, [process.execPath, join(repository, 'scripts', name), root]);
}
