import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallationKeys } from '@mosaic/service-kit';
import type { RunningMosaic } from '@mosaic/test-kit';
import { jetstreamManager } from '@nats-io/jetstream';
import { createUser, encodeUser, fmtCreds, fromSeed } from '@nats-io/jwt';
import { connect, credsAuthenticator } from '@nats-io/transport-node';

/** Every subject that holds a message, of every stream; those of buckets and objects are among them. */
export async function subjectsOfStreams(mosaic: RunningMosaic): Promise<readonly string[]> {
  const read = async (path: string) =>
    JSON.parse(await readFile(join(mosaic.dataDir, path), 'utf8'));
  const { natsUrl }: { natsUrl: string } = await read('run/state.json');
  const { bus }: { bus: InstallationKeys } = await read('keys.json');
  const connection = await connect({
    servers: natsUrl,
    authenticator: credsAuthenticator(await everythingAllowed(bus)),
  });
  const { streams } = await jetstreamManager(connection);
  const found: string[] = [];
  for await (const { config } of streams.list()) {
    const { state } = await streams.info(config.name, { subjects_filter: '>' });
    found.push(...Object.keys(state.subjects ?? {}));
  }
  await connection.close();
  return found;
}

/** No service may look at everything: a user of the account that is allowed to. */
async function everythingAllowed({ accountSeed }: InstallationKeys): Promise<Uint8Array> {
  const account = fromSeed(new TextEncoder().encode(accountSeed));
  const user = createUser();
  const all = { allow: ['>'], deny: [] };
  return fmtCreds(await encodeUser('onlooker', user, account, { pub: all, sub: all }), user);
}
