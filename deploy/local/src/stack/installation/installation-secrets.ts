import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { MosaicError } from '@mosaic/proto';
import { type InstallationKeys, makeInstallationKeys } from '@mosaic/service-kit';
import { z } from 'zod';
import { writePrivateFile } from './write-private-file.ts';

const seedSchema = z.string().min(1);
const secretsSchema = z.object({
  version: z.literal(1),
  bus: z.object({
    version: z.literal(1),
    operatorSeed: seedSchema,
    accountSeed: seedSchema,
    systemAccountSeed: seedSchema,
    caller: z.object({ publicKey: seedSchema, seed: seedSchema }),
  }),
  authSecret: seedSchema,
  redisPassword: seedSchema,
  masterKey: seedSchema,
});

/** Everything secret that an installation makes for itself, once; lost, its data can't be read. */
export interface InstallationSecrets {
  readonly version: 1;
  readonly bus: InstallationKeys;
  readonly authSecret: string;
  readonly redisPassword: string;
  /** 32 bytes in base64: encrypts the vendor keys of users. */
  readonly masterKey: string;
}

function makeSecrets(): InstallationSecrets {
  return {
    version: 1,
    bus: makeInstallationKeys(),
    authSecret: randomBytes(32).toString('base64url'),
    redisPassword: randomBytes(24).toString('base64url'),
    masterKey: randomBytes(32).toString('base64'),
  };
}

/** Reads the secrets, or makes them at the first start. Throws `bad_configuration` for a bad file. */
export function openInstallationSecrets(path: string): InstallationSecrets {
  if (existsSync(path)) return readInstallationSecrets(path);
  const secrets = makeSecrets();
  writePrivateFile(path, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

/** Reads the secrets. Throws `bad_configuration` when the file is missing or not of its form. */
export function readInstallationSecrets(path: string): InstallationSecrets {
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new MosaicError(
      'bad_configuration',
      `The file ${path} does not hold the keys of an installation: put it back from your backup; without it the data beside it can't be used.`,
      { cause },
    );
  }
}
