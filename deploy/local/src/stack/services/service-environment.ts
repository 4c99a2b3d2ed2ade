import type { ServiceName } from '@mosaic/proto';
import type { Environment } from '@mosaic/service-kit';

const vendorKeys = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENROUTER_API_KEY', 'ZAI_API_KEY'];
const vendorAddresses = [
  'ANTHROPIC_BASE_URL',
  'OPENAI_BASE_URL',
  'OPENROUTER_BASE_URL',
  'ZAI_BASE_URL',
  'OLLAMA_BASE_URL',
  'OLLAMA_HOST',
];

/** Secrets of one service alone, whatever another one declares. */
const owners: ReadonlyMap<string, ServiceName> = new Map([
  ...vendorKeys.map((name) => [name, 'providers'] as const),
  ['MOSAIC_MASTER_KEY', 'providers'],
  ['MOSAIC_CALLER_SEED', 'gateway'],
  ['MOSAIC_AUTH_SECRET', 'gateway'],
  ['MOSAIC_ADMIN_PASSWORD', 'gateway'],
]);

/** Secrets that other programs started from here must not inherit; each may also come as a file. */
export const secretVariables: readonly string[] = [
  ...owners.keys(),
  'MOSAIC_NATS_CREDENTIALS',
  'DATABASE_URL',
  'REDIS_URL',
].flatMap((name) => [name, `${name}_FILE`]);

/** What a process needs from its surroundings to run at all. */
const surroundings = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'TZ',
  'TMPDIR',
  'TEMP',
  'SystemRoot',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_USE_ENV_PROXY',
];

export interface EnvironmentSources {
  /** Variables that the service reads, without their `_FILE` forms. */
  readonly declared: readonly string[];
  /** What the person who started Mosaic has set. */
  readonly user: Environment;
  /** What the launcher says; stands above the user's. */
  readonly launcher: Environment;
}

/** The environment of one service: what it declares, and nothing that belongs to another. */
export function serviceEnvironment(service: ServiceName, sources: EnvironmentSources): Environment {
  const environment: Record<string, string> = {};
  for (const name of sources.declared) {
    const owner = owners.get(name.replace(/_FILE$/, ''));
    if (owner !== undefined && owner !== service) continue;
    const own = sources.launcher[name];
    const given = own === undefined ? [name, `${name}_FILE`] : [];
    if (own !== undefined) environment[name] = own;
    for (const variable of given) {
      const value = sources.user[variable];
      if (value !== undefined) environment[variable] = value;
    }
  }
  return environment;
}

/** What a process of its own gets beside that. */
export function surroundingEnvironment(user: Environment): Environment {
  const present = surroundings.filter((name) => user[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, user[name]]));
}

/** The user's environment without keys and addresses of vendors: in demo mode none may be asked. */
export function withoutVendors(user: Environment): Environment {
  const names = [...vendorKeys, ...vendorAddresses].flatMap((name) => [name, `${name}_FILE`]);
  return Object.fromEntries(Object.entries(user).filter(([name]) => !names.includes(name)));
}
