import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { environmentForChild } from './process-environment.ts';
import { patienceMs, waitFor } from './wait-for.ts';

/** What real terminals send for keys that have no character. */
const keys = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  'shift-tab': '\x1b[Z',
  backspace: '\x7f',
  delete: '\x1b[3~',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  'page-up': '\x1b[5~',
  'page-down': '\x1b[6~',
} as const;

/** A named key, or control with a letter. */
export type Key = keyof typeof keys | `ctrl-${string}`;

export interface OpenPtyOptions {
  /** 100 when left out. */
  readonly cols?: number;
  /** 30 when left out. */
  readonly rows?: number;
  readonly cwd?: string;
  /** Added to the environment of this process, which passes on none of Mosaic's own variables. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface PtyExit {
  readonly exitCode: number;
  readonly signal: number | undefined;
}

export interface Pty {
  readonly pid: number;
  /** Resolves when the program has ended. */
  readonly exit: Promise<PtyExit>;
  type(text: string): void;
  press(key: Key): void;
  /** The lines that can be seen, without trailing spaces. */
  screen(): readonly string[];
  /** All lines that scrolled out at the top. Empty while a program uses the alternate screen. */
  scrollback(): readonly string[];
  /** Resolves with the screen once the text is on it. */
  waitForText(text: string | RegExp, timeoutMs?: number): Promise<readonly string[]>;
  resize(cols: number, rows: number): void;
  /** Every byte the program wrote, as text: for escape sequences that leave no trace on screen. */
  output(): string;
  /** Ends the program if it still runs. */
  close(): Promise<void>;
}

function sequenceOf(key: Key): string {
  if (key in keys) return keys[key as keyof typeof keys];
  const letter = key.slice('ctrl-'.length).toUpperCase();
  if (!/^[@-_]$/.test(letter)) throw new Error(`there is no key ${key}`);
  return String.fromCharCode(letter.charCodeAt(0) - 64);
}

function readLines(terminal: headless.Terminal, from: number, to: number): readonly string[] {
  const { active } = terminal.buffer;
  return Array.from(
    { length: to - from },
    (_, index) => active.getLine(from + index)?.translateToString(true) ?? '',
  );
}

/** Runs a program in a real pseudo-terminal and shows what a person would see. */
export function openPty(
  command: readonly [string, ...string[]],
  options: OpenPtyOptions = {},
): Pty {
  const { cols = 100, rows = 30, cwd = process.cwd(), env = {} } = options;
  const [file, ...args] = command;
  const terminal = new headless.Terminal({
    cols,
    rows,
    scrollback: 10_000,
    allowProposedApi: true,
  });
  const child = spawn(file, args, {
    name: 'xterm-256color',
    cols,
    rows,
    cwd,
    env: environmentForChild({ TERM: 'xterm-256color', COLORTERM: 'truecolor', ...env }),
  });
  let written = '';
  let hasEnded = false;
  child.onData((data) => {
    written += data;
    terminal.write(data);
  });
  // Programs ask the terminal for its size, colours and cursor: the emulator's answers go back.
  terminal.onData((answer) => {
    if (!hasEnded) child.write(answer);
  });
  const exit = new Promise<PtyExit>((resolve) => {
    child.onExit(({ exitCode, signal }) => {
      hasEnded = true;
      // What the program wrote last must be on the screen when its end is known.
      terminal.write('', () => resolve({ exitCode, signal: signal || undefined }));
    });
  });
  const screen = () => {
    const top = terminal.buffer.active.baseY;
    return readLines(terminal, top, top + terminal.rows);
  };
  return {
    pid: child.pid,
    exit,
    type: (text) => child.write(text),
    press: (key) => child.write(sequenceOf(key)),
    screen,
    scrollback: () => readLines(terminal, 0, terminal.buffer.active.baseY),
    async waitForText(text, timeoutMs = patienceMs) {
      const isShown = () => {
        const shown = screen().join('\n');
        return typeof text === 'string' ? shown.includes(text) : text.test(shown);
      };
      await waitFor(isShown, { timeoutMs }).catch(() => {
        throw new Error(
          `waited in vain for ${text} on the screen:\n${screen().join('\n').trimEnd()}`,
        );
      });
      return screen();
    },
    resize(newCols, newRows) {
      terminal.resize(newCols, newRows);
      child.resize(newCols, newRows);
    },
    output: () => written,
    async close() {
      if (!hasEnded) child.kill('SIGKILL');
      await exit;
      terminal.dispose();
    },
  };
}
