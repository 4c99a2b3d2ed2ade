import { encodeAccount, encodeOperator, type OperatorLimits } from '@nats-io/jwt';
import type { InstallationKeys } from './installation-keys.ts';
import { keyPairFrom } from './key-pair.ts';

const unlimited = -1;

const connectionLimits: OperatorLimits = {
  subs: unlimited,
  data: unlimited,
  payload: unlimited,
  imports: unlimited,
  exports: unlimited,
  wildcards: true,
  conn: unlimited,
  leaf: unlimited,
};

/**
 * The credentials travel in the client's first line, and those of a service that takes part in many
 * contracts are longer than the 4,096 bytes a line may have (the gateway's are 4,700).
 */
const maxControlLineBytes = 65_536;

/**
 * A client signs in when its process comes to it: with the two seconds that are the server's own, services
 * that start together on a busy machine were refused as if their credentials were wrong.
 */
const signInSeconds = 30;

/** JetStream is off in an account whose limits are not set. */
const accountLimits: OperatorLimits = {
  ...connectionLimits,
  mem_storage: unlimited,
  disk_storage: unlimited,
  streams: unlimited,
  consumer: unlimited,
};

/**
 * Configuration that makes a NATS server (2.9 or newer) trust the installation: operator JWT, and
 * both accounts preloaded, so that no account server and no file beside the configuration is needed.
 */
export async function serverConfigText(keys: InstallationKeys): Promise<string> {
  const operator = keyPairFrom(keys.operatorSeed);
  const account = keyPairFrom(keys.accountSeed);
  const system = keyPairFrom(keys.systemAccountSeed);
  const systemId = system.getPublicKey();
  const signer = { signer: operator };
  const operatorJwt = await encodeOperator('mosaic', operator, { system_account: systemId });
  const accountJwt = await encodeAccount('mosaic', account, { limits: accountLimits }, signer);
  const systemJwt = await encodeAccount('system', system, { limits: connectionLimits }, signer);
  return [
    `max_control_line: ${maxControlLineBytes}`,
    `authorization: { timeout: ${signInSeconds} }`,
    `operator: ${operatorJwt}`,
    `system_account: ${systemId}`,
    'resolver: MEMORY',
    'resolver_preload: {',
    `  ${account.getPublicKey()}: ${accountJwt}`,
    `  ${systemId}: ${systemJwt}`,
    '}',
    '',
  ].join('\n');
}
