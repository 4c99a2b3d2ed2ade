import {
  bridgePermissions,
  idSchema,
  MosaicError,
  type Permissions,
  provisionerPermissions,
  type ServiceName,
  servicePermissions,
} from '@mosaic/proto';
import { createUser, encodeUser, fmtCreds } from '@nats-io/jwt';
import type { InstallationKeys } from './installation-keys.ts';
import { keyPairFrom } from './key-pair.ts';

/** Text of a NATS credentials file for one service; it can do what the contracts say and no more. */
export function serviceCredentials(keys: InstallationKeys, name: ServiceName): Promise<string> {
  return credentials(keys, { name, permissions: servicePermissions(name) });
}

/**
 * Credentials of one bridge: its own channel and nothing else. The server cuts the connection off at
 * `expiresAt`. Throws bad_request when the channel's id can't be one token of a subject.
 */
export async function bridgeCredentials(
  keys: InstallationKeys,
  channelId: string,
  { expiresAt }: { readonly expiresAt: Date },
): Promise<string> {
  if (!idSchema.safeParse(channelId).success) {
    throw new MosaicError('bad_request', `"${channelId}" can't be the id of a channel.`);
  }
  const name = `bridge-${channelId}`;
  return credentials(keys, { name, permissions: bridgePermissions(channelId), expiresAt });
}

/** Credentials of the step that makes streams and buckets before any service starts. */
export function provisionerCredentials(keys: InstallationKeys): Promise<string> {
  return credentials(keys, { name: 'provisioner', permissions: provisionerPermissions });
}

interface User {
  readonly name: string;
  readonly permissions: Permissions;
  readonly expiresAt?: Date;
}

async function credentials(keys: InstallationKeys, user: User): Promise<string> {
  const account = keyPairFrom(keys.accountSeed);
  const pair = keyPairFrom(createUser().getSeed());
  const claims = {
    pub: { allow: [...user.permissions.publish], deny: [] },
    sub: { allow: [...user.permissions.subscribe], deny: [] },
  };
  const lifetime =
    user.expiresAt === undefined ? {} : { exp: Math.floor(user.expiresAt.getTime() / 1_000) };
  const jwt = await encodeUser(user.name, pair, account, claims, lifetime);
  return new TextDecoder().decode(fmtCreds(jwt, pair));
}
