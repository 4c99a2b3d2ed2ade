import { spawn } from 'node:child_process';
import { MosaicError } from '@mosaic/proto';

export interface SandboxWish {
  /** The only folder of the machine that can be written. */
  readonly workspace: string;
  readonly command: string;
  readonly signal: AbortSignal;
  readonly program: string;
}

export interface SandboxEnd {
  /** Null when it was killed. */
  readonly exitCode: number | null;
  /** Both outputs as they came. */
  readonly output: string;
  readonly isCut: boolean;
}

const maxOutputBytes = 1_000_000;
const maxTemporaryBytes = 256 * 1_024 * 1_024;

/** Where programs are; inside and for finding bwrap itself. */
const path = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

/**
 * Per process, and 256 processes in all (counted per sandbox since Linux 5.14; not for root): no core
 * files, files up to 200 MB, 4 GB of addresses. `-p` is how dash and busybox name what bash calls `-u`.
 */
const limits = [
  'ulimit -p 256 2>/dev/null || ulimit -u 256 2>/dev/null',
  'ulimit -c 0; ulimit -f 409600; ulimit -v 4194304',
  'exec /bin/sh -c "$1"',
].join('\n');

/**
 * Runs a command under bubblewrap: without network, without the rest of the machine but its programs
 * (read-only), without other processes, and without anything of our environment. All of it dies with the
 * signal. Throws `missing_program` when there is no bubblewrap, or none that may work here.
 */
export async function runInSandbox(wish: SandboxWish): Promise<SandboxEnd> {
  const { command, program, signal, workspace } = wish;
  const { promise, resolve, reject } = Promise.withResolvers<SandboxEnd>();
  // Its first process can be looked at from inside: nothing of ours may stand in its environment.
  const child = spawn(program, argumentsFor(workspace, command), {
    env: { PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const kept: Buffer[] = [];
  let bytes = 0;
  const keep = (chunk: Buffer) => {
    const room = Math.max(0, maxOutputBytes - bytes);
    if (room > 0) kept.push(chunk.subarray(0, room));
    bytes += chunk.length;
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.once('error', (cause) => reject(isMissing(cause) ? missing(cause) : cause));
  child.once('close', (exitCode) => {
    const output = new TextDecoder().decode(Buffer.concat(kept));
    if (output.startsWith('bwrap: ')) reject(forbidden(output));
    else resolve({ exitCode, output, isCut: bytes > maxOutputBytes });
  });
  return await promise;
}

function argumentsFor(workspace: string, command: string): string[] {
  return [
    ...[
      '--unshare-all',
      '--unshare-user',
      '--disable-userns',
      '--die-with-parent',
      '--new-session',
    ],
    ...['--uid', '1000', '--gid', '1000', '--hostname', 'mosaic', '--cap-drop', 'ALL'],
    ...['--ro-bind', '/usr', '/usr'],
    ...['/bin', '/sbin', '/lib', '/lib32', '/lib64'].flatMap((one) => ['--ro-bind-try', one, one]),
    // Of /etc only what programs need to be found; the rest may hold secrets.
    ...['/etc/alternatives', '/etc/ld.so.cache'].flatMap((one) => ['--ro-bind-try', one, one]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--size', String(maxTemporaryBytes), '--tmpfs', '/tmp'],
    ...['--bind', workspace, '/workspace', '--chdir', '/workspace'],
    '--clearenv',
    ...['--setenv', 'PATH', path, '--setenv', 'HOME', '/workspace', '--setenv', 'LANG', 'C.UTF-8'],
    ...['--', '/bin/sh', '-c', limits, 'sh', command],
  ];
}

function isMissing(thrown: Error): boolean {
  return 'code' in thrown && thrown.code === 'ENOENT';
}

function missing(cause: unknown): MosaicError {
  const how = 'apt-get install bubblewrap, dnf install bubblewrap or apk add bubblewrap';
  const message = `The shell needs bubblewrap, which is not installed here (${how}; Linux only).`;
  return new MosaicError('missing_program', message, { cause });
}

function forbidden(output: string): MosaicError {
  const why = output.split('\n', 1)[0]?.slice(0, 200);
  const message = `The shell's sandbox can't be made here: ${why}. The operator has to allow user namespaces.`;
  return new MosaicError('missing_program', message);
}
