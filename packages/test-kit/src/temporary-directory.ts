import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
  remove(): Promise<void>;
}

const present = new Set<string>();
process.once('exit', () => {
  for (const path of present) rmSync(path, { recursive: true, force: true });
});

/** A directory of its own for a test, private to this user; removed at the latest with the process. */
export async function temporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'mosaic-test-'));
  present.add(path);
  const remove = async () => {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    present.delete(path);
  };
  return { path, remove, [Symbol.asyncDispose]: remove };
}
