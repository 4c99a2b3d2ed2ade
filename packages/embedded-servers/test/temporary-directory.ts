import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A new directory that is removed after all tests of the file that asks for it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mosaic-servers-'));
  after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}
