import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ScriptInput } from '@mosaic/test-kit';

const program = fileURLToPath(
  new URL('../../../../packages/test-kit/src/main.ts', import.meta.url),
);

/** The look-alike vendor in a process of its own, so that its work counts as nobody's. */
export interface VendorProcess extends AsyncDisposable {
  /** Base URL of its OpenAI. */
  readonly url: string;
  /** Variables that point a Mosaic process at it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Replaces what the next requests get. */
  setScripts(scripts: readonly ScriptInput[]): Promise<void>;
}

/** Starts it without a pace: what it takes is only work. */
export async function startVendor(): Promise<VendorProcess> {
  const child = spawn(process.execPath, [program, '--pace-ms', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { controlUrl, environment, urls } = JSON.parse(line);
  const scriptUrl = `${controlUrl}/__script`;
  return {
    url: urls.openai,
    environment,
    async setScripts(scripts) {
      await fetch(scriptUrl, { method: 'DELETE' });
      for (const script of scripts) {
        const given = await fetch(scriptUrl, { method: 'POST', body: JSON.stringify(script) });
        if (given.status !== 201) throw new Error(`The vendor refused: ${await given.text()}`);
        await given.arrayBuffer();
      }
    },
    [Symbol.asyncDispose]: () => endProcess(child),
  };
}

/** Asks a process to stop and waits until it has. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
