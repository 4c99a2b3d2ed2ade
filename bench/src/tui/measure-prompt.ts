import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { RunningMosaic } from '@mosaic/test-kit';
import { percentile } from '../percentiles.ts';
import { leave, openTerminal } from './open-terminal.ts';

const command = join(import.meta.dirname, '../../../scripts/mosaic.mjs');
const settleMs = 3_000;
const idleMs = 5_000;

/** `mosaic --version`, from starting the command to its end. */
export function measureVersion(rounds: number): void {
  const times = Array.from({ length: rounds + 2 }, () => {
    const started = performance.now();
    execFileSync(process.execPath, [command, '--version']);
    return performance.now() - started;
  }).slice(2);
  console.log(`| \`mosaic --version\` | ${ms(times)} |`);
}

/** Warm starts: until the prompt is drawn, until a typed word is seen, and what it takes while idle. */
export async function measurePrompt(mosaic: RunningMosaic, rounds: number): Promise<void> {
  const drawn: number[] = [];
  const drawnCpu: number[] = [];
  const online: number[] = [];
  const rss: number[] = [];
  const idle: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const terminal = openTerminal(mosaic, ['--new']);
    await terminal.pty.waitForText('/help', 30_000);
    const drawnMs = performance.now() - terminal.startedMs;
    const drawnCpuMs = terminal.use().cpuMs;
    await terminal.pty.waitForText('online', 30_000);
    const onlineMs = performance.now() - terminal.startedMs;
    await setTimeout(settleMs);
    const before = terminal.use();
    await setTimeout(idleMs);
    const after = terminal.use();
    await leave(terminal);
    // The first one fills the cache of compiled code.
    if (round < 0) continue;
    drawn.push(drawnMs);
    drawnCpu.push(drawnCpuMs);
    online.push(onlineMs);
    rss.push(after.rssMb);
    idle.push(after.cpuMs - before.cpuMs);
  }
  console.log(`| prompt drawn, warm | ${ms(drawn)} |`);
  console.log(`| CPU until the prompt is drawn | ${ms(drawnCpu)} |`);
  console.log(`| connected, warm | ${ms(online)} |`);
  console.log(`| resident, 8 s after the start | ${percentile(rss, 50).toFixed(0)} MB |`);
  console.log(`| CPU in 5 idle seconds | ${percentile(idle, 50).toFixed(0)} ms |`);
}

function ms(times: readonly number[]): string {
  return `${percentile(times, 50).toFixed(0)} ms (worst ${Math.max(...times).toFixed(0)})`;
}
