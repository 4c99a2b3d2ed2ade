import { MosaicError } from '@mosaic/proto';
import { provisionBus } from '@mosaic/service-kit';
import type { Command } from '../../command-line/command.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { readLauncherConfig } from '../../settings/launcher-settings.ts';
import { processEnvironment } from '../../settings/process-environment.ts';

const waitMs = 60_000;

export const provisionCommand: Command = {
  usage: `Usage: mosaic provision

Makes the streams and buckets on the NATS server that NATS_URL names, or brings them up to date, with
the credential in MOSAIC_NATS_CREDENTIALS_FILE. Waits a minute for the server. MOSAIC_STREAM_REPLICAS
says how many copies of each stream a cluster keeps: 1, 3 or 5.`,
  async run(args, terminal) {
    refuseWords(readOptions(args, {}).positionals);
    const { natsUrl, natsCredentials, streamReplicas } = readLauncherConfig(processEnvironment());
    if (natsUrl === undefined) {
      throw new MosaicError('bad_configuration', 'NATS_URL is not set (nats://nats:4222).');
    }
    await provisionBus({
      url: natsUrl,
      replicas: streamReplicas,
      timeoutMs: waitMs,
      ...(natsCredentials === undefined ? {} : { credentials: natsCredentials }),
    });
    terminal.print(`The streams on ${natsUrl} are as this version needs them.`);
    return 0;
  },
};
