import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { portIsFree } from '@mosaic/embedded-servers';
import { MosaicError } from '@mosaic/proto';
import type { Environment } from '@mosaic/service-kit';
import {
  type LauncherConfig,
  readLauncherConfig,
  repositoryRoot,
  type SettingOptions,
} from '../settings/launcher-settings.ts';
import { defaultPort } from '../stack/choose-gateway-port.ts';
import { ollamaAddress } from '../stack/demo/find-ollama.ts';
import { dataDirectoryAt } from '../stack/installation/data-directory.ts';
import { findRunning, findRunningPid, type RunState } from '../stack/installation/run-state.ts';
import { askReadiness } from '../stack/services/wait-until-ready.ts';
import { acceptsConnections, answersHttp, askOllama } from './ask-addresses.ts';
import type { Facts, ServerFact, VendorFact } from './facts.ts';
import { isOnPath, lookAtDirectory, readFreeBytes, readServerVersion } from './look-at-machine.ts';

/** Looks at everything side by side; each look has a limit, all together end within seconds. */
export async function gatherFacts(env: Environment, options: SettingOptions): Promise<Facts> {
  const { config, problems } = readTolerantly(env, options);
  const port = config.port ?? defaultPort;
  const directory = dataDirectoryAt(config.dataDir);
  const [servers, vendors, ollama, isFree, troubles] = await Promise.all([
    Promise.all([
      lookAtServer('nats-server', config.natsUrl),
      lookAtServer('redis-server', config.redisUrl),
    ]),
    Promise.all(vendorsOf(config).map(askVendor)),
    askOllama(ollamaAddress(config.ollamaUrl, config.ollamaHost)),
    portIsFree(port),
    askServices(findRunning(directory)),
  ]);
  const lockFile = join(repositoryRoot, 'package-lock.json');
  return {
    nodeVersion: process.versions.node,
    isBundledNode: process.execPath.startsWith(join(repositoryRoot, 'node_modules')),
    configuration: problems,
    servers,
    dataDirectory: lookAtDirectory(config.dataDir),
    port: { number: port, isFree, isChosen: config.port !== undefined },
    runningPid: findRunningPid(directory),
    troubles,
    vendors,
    ollama,
    freeBytes: readFreeBytes(config.dataDir),
    clockBehindMs: statSync(lockFile).mtimeMs - Date.now(),
    isPageBuilt: existsSync(join(repositoryRoot, 'clients/web/dist/index.html')),
    bubblewrap: tryBubblewrap(env['PATH'] ?? ''),
  };
}

/** With the namespaces that the shell of agents is run in; that the program is there says little. */
function tryBubblewrap(path: string): Facts['bubblewrap'] {
  if (!isOnPath('bwrap', path)) return 'missing';
  const sandbox = ['--unshare-all', '--unshare-user', '--ro-bind', '/', '/', '--proc', '/proc'];
  const tried = spawnSync('bwrap', [...sandbox, 'true'], { timeout: 5_000, stdio: 'ignore' });
  return tried.status === 0 ? 'works' : 'blocked';
}

async function askServices(state: RunState | undefined): Promise<readonly string[]> {
  const asked = Object.entries(state?.ports.health ?? {}).map(async ([name, port]) => {
    const { details } = await askReadiness(`http://127.0.0.1:${port}`);
    return details.map((detail) => `${name}: ${detail}`);
  });
  return (await Promise.all(asked)).flat();
}

/** A wrong variable is a finding of its own; the other checks go on with what stands without it. */
function readTolerantly(env: Environment, options: SettingOptions) {
  try {
    return { config: readLauncherConfig(env, options), problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof MosaicError)) throw thrown;
    const problems = thrown.message.split('\n  - ').slice(1);
    const { 'data-dir': dataDir } = options;
    return { config: readLauncherConfig({}, { 'data-dir': dataDir }), problems };
  }
}

async function lookAtServer(
  name: ServerFact['name'],
  url: string | undefined,
): Promise<ServerFact> {
  const isNats = name === 'nats-server';
  const isReachable = url !== undefined && (await acceptsConnections(url, isNats ? 4222 : 6379));
  return {
    name,
    variable: isNats ? 'NATS_URL' : 'REDIS_URL',
    isGiven: url !== undefined,
    version: url === undefined ? await readServerVersion(name) : undefined,
    isReachable,
  };
}

function vendorsOf(config: LauncherConfig) {
  return [
    {
      name: 'anthropic',
      variable: 'ANTHROPIC_API_KEY',
      hasKey: config.anthropicKey !== undefined,
      address: config.anthropicUrl ?? 'https://api.anthropic.com',
    },
    {
      name: 'openai',
      variable: 'OPENAI_API_KEY',
      hasKey: config.openaiKey !== undefined,
      address: config.openaiUrl ?? 'https://api.openai.com/v1',
    },
    {
      name: 'openrouter',
      variable: 'OPENROUTER_API_KEY',
      hasKey: config.openrouterKey !== undefined,
      address: config.openrouterUrl ?? 'https://openrouter.ai/api/v1',
    },
    {
      name: 'zai',
      variable: 'ZAI_API_KEY',
      hasKey: config.zaiKey !== undefined,
      address: config.zaiUrl ?? 'https://api.z.ai/api/paas/v4',
    },
  ];
}

async function askVendor(vendor: Omit<VendorFact, 'isReachable'>): Promise<VendorFact> {
  const isReachable = vendor.hasKey ? await answersHttp(vendor.address) : undefined;
  return { ...vendor, isReachable };
}
