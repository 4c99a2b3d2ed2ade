import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openPty } from '../src/open-pty.ts';

/** A tiny program: says its size, echoes lines, ends at "bye". */
const program = `
  // Before it is in raw mode the terminal makes another character of Enter.
  process.stdin.setRawMode(true);
  process.stdout.write('size ' + process.stdout.columns + 'x' + process.stdout.rows + '\\n');
  process.stdout.on('resize', () => console.log('now ' + process.stdout.columns));
  let text = '';
  process.stdin.on('data', (bytes) => {
    for (const char of bytes.toString()) {
      if (char === '\\x03') process.exit(130);
      if (char !== '\\r') { text += char; continue; }
      if (text === 'bye') process.exit(7);
      if (text === 'many') for (let i = 1; i <= 20; i += 1) console.log('line ' + i);
      console.log('you said [' + JSON.stringify(text) + '] ' + (process.env.GREETING ?? ''));
      text = '';
    }
  });
`;

function openProgram() {
  return openPty([process.execPath, '-e', program], {
    cols: 60,
    rows: 8,
    env: { GREETING: '你好' },
  });
}

describe('a program in a pseudo-terminal', () => {
  it('is seen on the screen, typed to, and its exit code is known', async () => {
    const pty = openProgram();
    try {
      await pty.waitForText('size 60x8');
      pty.type('hello');
      pty.press('up');
      pty.press('enter');
      const screen = await pty.waitForText(/you said \["hello\\u001b\[A"\] 你好/);
      assert.equal(screen.length, 8);
      pty.type('bye\r');
      assert.deepEqual(await pty.exit, { exitCode: 7, signal: undefined });
    } finally {
      await pty.close();
    }
  });

  it('scrolls out at the top, and what scrolled out can be read', async () => {
    const pty = openProgram();
    try {
      await pty.waitForText('size');
      pty.type('many\r');
      await pty.waitForText('you said');
      assert.ok(pty.scrollback().includes('line 3'));
      assert.ok(!pty.screen().includes('line 3'));
      assert.ok(pty.screen().includes('line 20'));
    } finally {
      await pty.close();
    }
  });

  it('hears of a new size and of ctrl-c', async () => {
    const pty = openProgram();
    try {
      await pty.waitForText('size');
      pty.resize(90, 10);
      await pty.waitForText('now 90');
      pty.press('ctrl-c');
      assert.equal((await pty.exit).exitCode, 130);
    } finally {
      await pty.close();
    }
  });

  it('says what was on the screen when a text never comes', async () => {
    const pty = openProgram();
    try {
      await pty.waitForText('size');
      await assert.rejects(pty.waitForText('never', 60), /in vain for never[\s\S]*size 60x8/);
    } finally {
      await pty.close();
    }
  });

  it('is ended by close', async () => {
    const pty = openProgram();
    await pty.waitForText('size');
    await pty.close();
    assert.throws(() => process.kill(pty.pid, 0), { code: 'ESRCH' });
  });
});
