import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./launcher-to-kill.ts', import.meta.url));

/** Starts a server in another process and returns how to kill -9 that process. */
export async function startInKillableLauncher(kind: string, ...args: string[]) {
  const child = spawn(process.execPath, [PROGRAM, kind, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error('The launcher ended before its server started.'))),
  ]);
  const { url, pid } = JSON.parse(String(line)) as { url: string; pid: number };
  return {
    url,
    serverPid: pid,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
