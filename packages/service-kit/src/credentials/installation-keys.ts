import { createAccount, createOperator } from '@nats-io/jwt';
import { type CallerKeys, makeCallerKeys } from './caller-token.ts';

/**
 * Everything an installation's trust comes from. JSON-serialisable; whoever reads it owns the bus,
 * so it belongs into a file of mode 0600 or a secret store.
 */
export interface InstallationKeys {
  readonly version: 1;
  /** NATS seeds (`SO…`, `SA…`). */
  readonly operatorSeed: string;
  readonly accountSeed: string;
  readonly systemAccountSeed: string;
  readonly caller: CallerKeys;
}

/** Makes the keys of a new installation: operator, account, system account and caller keys. */
export function makeInstallationKeys(): InstallationKeys {
  const text = (seed: Uint8Array) => new TextDecoder().decode(seed);
  return {
    version: 1,
    operatorSeed: text(createOperator().getSeed()),
    accountSeed: text(createAccount().getSeed()),
    systemAccountSeed: text(createAccount().getSeed()),
    caller: makeCallerKeys(),
  };
}
