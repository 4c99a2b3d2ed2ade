import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MosaicError } from '@mosaic/proto';
import { bridgeCredentials } from '@mosaic/service-kit';
import type { Command, Terminal } from '../command-line/command.ts';
import { readOptions, refuseWords } from '../command-line/read-options.ts';
import { findMosaic } from '../running/running-mosaic.ts';
import { readInstallationSecrets } from '../stack/installation/installation-secrets.ts';
import { writePrivateFile } from '../stack/installation/write-private-file.ts';
import { listCommand } from './list.ts';

const msPerDay = 86_400_000;

const options = {
  expires: { type: 'string' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

export const channelsCommand: Command = {
  usage: `Usage: mosaic channels [--json] [--data-dir D]
       mosaic channels add ID [--expires DAYS] [--json] [--data-dir D]

Lists the channels, or adds one and writes the credential with which its bridge reaches the bus. The
server cuts the bridge off when the credential expires: after 30 days, or after DAYS.`,
  async run(args, terminal) {
    if (args[0] !== 'add') return listCommand('channels').run(args, terminal);
    const { values, positionals } = readOptions(args.slice(1), options);
    const [id, ...more] = positionals;
    if (id === undefined) throw new MosaicError('bad_request', 'Say the id of the channel to add.');
    refuseWords(more);
    const days = readDays(values.expires);
    const added = await addChannel(id, { days, 'data-dir': values['data-dir'] });
    if (values.json === true) terminal.print(JSON.stringify(added));
    else explain(added, terminal);
    return 0;
  },
};

interface AddedChannel {
  readonly id: string;
  readonly credentialsFile: string;
  readonly expiresAt: string;
  readonly natsUrl: string;
}

function readDays(text: string | undefined): number {
  const days = Number(text?.replace(/d$/, '') ?? '30');
  if (Number.isFinite(days) && days > 0 && days <= 3_650) return days;
  throw new MosaicError('bad_request', '--expires takes a number of days, such as 30.');
}

async function addChannel(
  id: string,
  choice: { readonly days: number; readonly 'data-dir': string | undefined },
): Promise<AddedChannel> {
  const mosaic = findMosaic(choice);
  const { directory, state } = mosaic;
  const expiresAt = new Date(Date.now() + choice.days * msPerDay);
  const secrets = readInstallationSecrets(directory.keysFile);
  // First: it refuses an id that can't be one.
  const credentials = await bridgeCredentials(secrets.bus, id, { expiresAt });
  await mosaic.post('/api/admin/channels', { id });
  mkdirSync(directory.credentialsDir, { recursive: true, mode: 0o700 });
  const credentialsFile = join(directory.credentialsDir, `bridge-${id}.creds`);
  writePrivateFile(credentialsFile, credentials);
  return { id, credentialsFile, expiresAt: expiresAt.toISOString(), natsUrl: state.natsUrl };
}

function explain(added: AddedChannel, terminal: Terminal): void {
  terminal.print(
    `The channel "${added.id}" is there; its bridge may connect until ${added.expiresAt}.`,
  );
  terminal.print('Start its bridge with:');
  terminal.print(
    `  NATS_URL=${added.natsUrl} MOSAIC_CHANNEL_ID=${added.id} MOSAIC_NATS_CREDENTIALS_FILE=${added.credentialsFile} node bridges/<name>/src/main.ts`,
  );
}
