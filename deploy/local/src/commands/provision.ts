import { MosaicError } from '@mosaic/proto';
import { provisionBus } from '@mosaic/service-kit';
import type { Command } from '../command-line/command.ts';
import { readOptions, refuseWords } from '../command-line/read-options.ts';
import { readLauncherConfig } from '../settings/launcher-settings.ts';
import { processEnvironment } from '../settings/process-environment.ts';

const waitMs = 60_000;

export const provisionCommand: Command = {
  usage: `Usage: mosaic provision [--replicas N]

Makes the streams and buckets on the NATS server that NATS_URL names, or brings them up to date, with
the credential in MOSAIC_NATS_CREDENTIALS_FILE. Waits a minute for the server. N is 1 when not given.`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { replicas: { type: 'string' } });
    refuseWords(positionals);
    const replicas = Number(values.replicas ?? '1');
    if (![1, 3, 5].includes(replicas)) {
      throw new MosaicError('bad_request', 'Streams have 1, 3 or 5 replicas.');
    }
    const { natsUrl, natsCredentials } = readLauncherConfig(processEnvironment());
    if (natsUrl === undefined) {
      throw new MosaicError('bad_configuration', 'NATS_URL is not set (nats://nats:4222).');
    }
    await provisionBus({
      url: natsUrl,
      replicas,
      connectTimeoutMs: waitMs,
      ...(natsCredentials === undefined ? {} : { credentials: natsCredentials }),
    });
    terminal.print(`The streams on ${natsUrl} are as this version needs them.`);
    return 0;
  },
};
