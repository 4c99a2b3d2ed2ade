import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serviceNames } from '@mosaic/proto';
import { provisionerCredentials, serverConfigText, serviceCredentials } from '@mosaic/service-kit';
import type { Command } from '../../command-line/command.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import {
  type InstallationSecrets,
  openInstallationSecrets,
} from '../../stack/installation/installation-secrets.ts';
import { writePrivateFile } from '../../stack/installation/write-private-file.ts';

export const initCommand: Command = {
  usage: `Usage: mosaic init [--out FOLDER]

Makes the keys of an installation and writes, one file each (mode 0600): the bus credential of every
service, the configuration that makes a NATS server trust them, and the other secrets. Run it again
to get new credentials from the same keys. FOLDER is "secrets" when not given.`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { out: { type: 'string' } });
    refuseWords(positionals);
    const folder = resolve(values.out ?? 'secrets');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const keysFile = join(folder, 'keys.json');
    const isNew = !existsSync(keysFile);
    const secrets = openInstallationSecrets(keysFile);
    const files = await secretFiles(secrets);
    for (const [name, text] of Object.entries(files)) writePrivateFile(join(folder, name), text);
    const starters = writeStarterFiles(folder, secrets);
    terminal.print(
      isNew ? `New keys in ${folder}:` : `New credentials from the keys in ${folder}:`,
    );
    for (const name of ['keys.json', ...Object.keys(files), ...starters])
      terminal.print(`  ${name}`);
    for (const line of whatToDo) terminal.print(line);
    return 0;
  },
};

const whatToDo = [
  '',
  '1. Keep keys.json away from the servers, with a backup: it signs every other credential.',
  '2. Give nats.conf to the NATS server ("include" it in its configuration).',
  '3. Give each service its own file as MOSAIC_NATS_CREDENTIALS_FILE, and all of them',
  '   caller-public-key as MOSAIC_CALLER_PUBLIC_KEY_FILE.',
  '4. Give the gateway alone caller-seed and auth-secret, providers alone master-key.',
  '5. Once: NATS_URL=… MOSAIC_NATS_CREDENTIALS_FILE=provisioner.creds mosaic provision',
];

/** Passwords of the other servers: written once, and then yours to change. Returns the new ones. */
function writeStarterFiles(folder: string, secrets: InstallationSecrets): readonly string[] {
  const password = randomBytes(24).toString('base64url');
  const database = {
    'postgres-password': password,
    'database-url': `postgres://mosaic:${password}@postgres:5432/mosaic`,
  };
  // The two belong together: one without the other is somebody's own choice.
  const hasDatabase = Object.keys(database).some((name) => existsSync(join(folder, name)));
  const starters = {
    'redis-url': `redis://:${secrets.redisPassword}@redis:6379`,
    'admin-password': randomBytes(12).toString('base64url'),
    ...(hasDatabase ? {} : database),
  };
  const missing = Object.entries(starters).filter(([name]) => !existsSync(join(folder, name)));
  for (const [name, text] of missing) writePrivateFile(join(folder, name), text);
  return missing.map(([name]) => name);
}

/** File name → content. */
async function secretFiles(secrets: InstallationSecrets): Promise<Record<string, string>> {
  const credentials = serviceNames.map(
    async (name) => [`${name}.creds`, await serviceCredentials(secrets.bus, name)] as const,
  );
  return {
    ...Object.fromEntries(await Promise.all(credentials)),
    'provisioner.creds': await provisionerCredentials(secrets.bus),
    'nats.conf': await serverConfigText(secrets.bus),
    'caller-public-key': secrets.bus.caller.publicKey,
    'caller-seed': secrets.bus.caller.seed,
    'auth-secret': secrets.authSecret,
    'master-key': secrets.masterKey,
    'redis-password': secrets.redisPassword,
  };
}
