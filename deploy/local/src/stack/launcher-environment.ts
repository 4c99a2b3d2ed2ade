import { join } from 'node:path';
import type { Environment } from '@mosaic/service-kit';
import { type LauncherConfig, repositoryRoot } from '../settings/launcher-settings.ts';
import type { DataDirectory } from './installation/data-directory.ts';
import type { InstallationSecrets } from './installation/installation-secrets.ts';
import type { ServerAddresses } from './servers/start-servers.ts';

/** What the values come from. */
export interface StackFacts {
  readonly config: Pick<LauncherConfig, 'host' | 'logLevel'>;
  readonly directory: Pick<DataDirectory, 'ownerTokenFile' | 'workspacesDir'>;
  readonly secrets: InstallationSecrets;
  readonly servers: ServerAddresses;
  /** Of the gateway. */
  readonly port: number;
  /** Keys and addresses of simulated vendors; empty when the real ones are asked. */
  readonly vendors: Environment;
}

/** Everything that the launcher says to services; each gets only the names that it declares. */
export function launcherEnvironment(facts: StackFacts): Environment {
  const { config, directory, secrets, servers, vendors } = facts;
  const isDemo = Object.keys(vendors).length > 0;
  return {
    NATS_URL: servers.natsUrl,
    REDIS_URL: servers.redisUrl,
    DATABASE_URL: servers.databaseUrl,
    MOSAIC_HOST: config.host,
    MOSAIC_PORT: String(facts.port),
    MOSAIC_LOG_LEVEL: config.logLevel,
    MOSAIC_CALLER_PUBLIC_KEY: secrets.bus.caller.publicKey,
    MOSAIC_CALLER_SEED: secrets.bus.caller.seed,
    MOSAIC_AUTH_SECRET: secrets.authSecret,
    MOSAIC_MASTER_KEY: secrets.masterKey,
    MOSAIC_LOCAL_OWNER: '1',
    MOSAIC_OWNER_TOKEN_FILE: directory.ownerTokenFile,
    MOSAIC_WORKSPACES_DIR: directory.workspacesDir,
    MOSAIC_WEB_DIR: join(repositoryRoot, 'clients/web/dist'),
    ...vendors,
    ...(isDemo
      ? {
          MOSAIC_IS_DEMO: '1',
          MOSAIC_SIMULATED_PROVIDERS: 'anthropic,openai,openrouter,zai,ollama',
          // A look-alike's vectors mean nothing; the built-in ones do.
          MOSAIC_EMBEDDINGS: 'builtin',
        }
      : {}),
  };
}
