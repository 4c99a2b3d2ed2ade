import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { reservePort } from '@mosaic/embedded-servers';
import { temporaryDirectory } from './temporary-directory.ts';

const debianRoot = '/usr/lib/postgresql';

/** Folder of `initdb` and `pg_ctl`, or why there is none. */
function findBinaries(): { readonly path: string } | { readonly missing: string } {
  if (!existsSync(debianRoot)) return { missing: 'no PostgreSQL server is installed' };
  const version = readdirSync(debianRoot).sort().at(-1);
  const path = join(debianRoot, version ?? '', 'bin');
  return existsSync(join(path, 'initdb')) ? { path } : { missing: `no initdb in ${path}` };
}

function userId(name: string, flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
}

export type PostgresServer = { readonly url: string; stop(): Promise<void> };

/** Starts a PostgreSQL of the machine on a free port; PostgreSQL refuses to run as root. */
export async function startPostgres(): Promise<PostgresServer | { readonly missing: string }> {
  const binaries = findBinaries();
  if ('missing' in binaries) return binaries;
  const { path: home } = await temporaryDirectory();
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(home, userId('postgres', '-u'), userId('postgres', '-g'));
  const run = (program: string, args: readonly string[]) => {
    const command = [join(binaries.path, program), ...args];
    const [file = '', ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    execFileSync(file, rest, { cwd: home, stdio: 'ignore' });
  };
  const data = join(home, 'data');
  const port = await reservePort();
  run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-N']);
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  run('pg_ctl', ['-D', data, '-o', settings, '-l', join(home, 'log'), '-w', 'start']);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']),
  };
}
