import type { RunningMosaic } from '@mosaic/test-kit';
import { percentile } from '../percentiles.ts';
import { answerLines, countMarks, markedChunks } from './marked-chunks.ts';
import { leave, type OpenTerminal, openTerminal } from './open-terminal.ts';

const question = 'Hello there, tell me everything';
const patienceMs = 120_000;

/** One answer of 5,000 lines in about five seconds, and the same conversation opened again. */
export async function measureAnswer(mosaic: RunningMosaic, rounds: number): Promise<void> {
  const streamed: number[] = [];
  const resumed: number[] = [];
  const echoes: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    streamed.push(await stream(mosaic, echoes));
    resumed.push(await resume(mosaic));
  }
  console.log(`| answer of 5,000 lines | ${seconds(streamed)} CPU |`);
  console.log(`| resume of 5,000 lines, start included | ${seconds(resumed)} CPU |`);
  console.log(
    `| a typed letter is drawn while streaming | ${percentile(echoes, 50).toFixed(0)} ms (p99 ${percentile(echoes, 99).toFixed(0)}) |`,
  );
}

async function stream(mosaic: RunningMosaic, echoes: number[]): Promise<number> {
  mosaic.vendors.script({ chunks: markedChunks(), paceMs: 2 });
  const terminal = openTerminal(mosaic, ['--new']);
  await terminal.pty.waitForText('online', patienceMs);
  const before = terminal.use();
  terminal.pty.type(`${question}\r`);
  await terminal.pty.waitForText(/mark\d+/, patienceMs);
  const typed = typeMeanwhile(terminal, echoes);
  await terminal.pty.waitForText(/ in \/ \S+ out · .*\n/, patienceMs);
  const after = terminal.use();
  await typed;
  assertWhole(terminal);
  terminal.pty.press('ctrl-c');
  await leave(terminal);
  return after.cpuMs - before.cpuMs;
}

/** Letters, one after the other, each timed until it is on the screen. */
async function typeMeanwhile({ pty }: OpenTerminal, echoes: number[]): Promise<void> {
  let word = '';
  for (const letter of 'abcdefghijklmnopqrstuvwxyzabcdefghijklmn') {
    word += letter;
    const started = performance.now();
    pty.type(letter);
    await pty.waitForText(word, patienceMs);
    echoes.push(performance.now() - started);
  }
}

async function resume(mosaic: RunningMosaic): Promise<number> {
  const terminal = openTerminal(mosaic);
  await terminal.pty.waitForText(/ in \/ \S+ out · .*\n/, patienceMs);
  const { cpuMs } = terminal.use();
  assertWhole(terminal);
  await leave(terminal);
  return cpuMs;
}

function assertWhole({ pty }: OpenTerminal): void {
  const { all, different } = countMarks([...pty.scrollback(), ...pty.screen()]);
  if (all !== answerLines || different !== answerLines) {
    throw new Error(`${different} different marks, ${all} in all, instead of ${answerLines}`);
  }
  const isWiped = ['\x1b[2J', '\x1b[3J'].some((sequence) => pty.output().includes(sequence));
  if (isWiped) throw new Error('something was wiped');
}

const seconds = (times: readonly number[]): string =>
  `${(percentile(times, 50) / 1_000).toFixed(2)} s (worst ${(Math.max(...times) / 1_000).toFixed(2)})`;
