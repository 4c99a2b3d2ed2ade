import { serviceNames } from '@mosaic/proto';
import type { Environment } from '@mosaic/service-kit';
import { startVendors } from '@mosaic/test-kit';
import type { LauncherConfig } from '../settings/launcher-settings.ts';
import { chooseGatewayPort } from './choose-gateway-port.ts';
import { chooseMode } from './demo/choose-mode.ts';
import type { DataDirectory } from './installation/data-directory.ts';
import { openInstallationSecrets } from './installation/installation-secrets.ts';
import { type RunState, removeRunState, writeRunState } from './installation/run-state.ts';
import { launcherEnvironment } from './launcher-environment.ts';
import type { Progress } from './progress.ts';
import { provisionStreams, startServers } from './servers/start-servers.ts';
import { runInProcess } from './services/run-in-process.ts';
import { runIsolated } from './services/run-isolated.ts';
import { withoutVendors } from './services/service-environment.ts';
import { loadService } from './services/service-modules.ts';
import { planServices, type ServicePlan } from './services/service-plan.ts';
import { waitUntilReady } from './services/wait-until-ready.ts';

const readyLimitMs = 180_000;

export interface StackOptions {
  readonly config: LauncherConfig;
  /** As the person set it; services get the parts that are theirs. */
  readonly user: Environment;
  readonly directory: DataDirectory;
  readonly isIsolated: boolean;
  /** Of the log files; undefined sends the services' logs to the standard output. */
  readonly logsDir: string | undefined;
  readonly progress: Progress;
  /** Aborted when the start is to be given up. */
  readonly signal: AbortSignal;
}

/** A Mosaic that answers. */
export interface RunningStack {
  readonly state: RunState;
  /** One sentence: demo mode, or which vendors. */
  readonly mode: string;
  /** Services first, then the servers under them; never rejects. */
  stop(): Promise<void>;
}

type Stops = (() => Promise<void>)[];

/** Brings everything up and waits until it is ready; what was started is stopped when a part fails. */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const stops: Stops = [];
  const stop = async () => {
    removeRunState(options.directory);
    for (const one of stops.splice(0).reverse()) {
      await one().catch((error: unknown) => options.progress.say(`stopping: ${String(error)}`));
    }
  };
  try {
    return { ...(await bringUp(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(options: StackOptions, stops: Stops) {
  const { config, directory, progress } = options;
  const port = await chooseGatewayPort(config.port, progress.say);
  const secrets = openInstallationSecrets(directory.keysFile);
  // The services' code is read while the servers start: both take about a second.
  const loaded = Promise.all(serviceNames.map(loadService));
  loaded.catch(() => {});
  const [mode, servers] = await Promise.all([
    chooseMode(config),
    startServers({ config, directory, secrets, progress, onStop: (one) => stops.push(one) }),
  ]);
  const vendors = mode.isDemo ? await simulateVendors(progress, stops) : {};
  await progress.step('streams on the bus', () => provisionStreams(servers.natsUrl, secrets));
  options.signal.throwIfAborted();
  const user = mode.isDemo ? withoutVendors(options.user) : options.user;
  const launcher = launcherEnvironment({ config, directory, secrets, servers, port, vendors });
  const plans = await planServices({ user, launcher, secrets });
  const how = options.isIsolated ? 'services (isolated)' : 'services';
  await progress.step(how, () => startServices(plans, { ...options, user, port }, stops));
  const state = {
    pid: process.pid,
    url: `http://${reachableHost(config.host)}:${port}`,
    startedAt: new Date().toISOString(),
    isDemo: mode.isDemo,
    isIsolated: options.isIsolated,
    natsUrl: servers.natsUrl,
    ports: {
      gateway: port,
      health: Object.fromEntries(plans.map((plan) => [plan.name, plan.healthPort])),
    },
  };
  writeRunState(directory, state);
  return { state, mode: mode.sentence };
}

function simulateVendors(progress: Progress, stops: Stops): Promise<Environment> {
  return progress.step('simulated vendors', async () => {
    // What people write in the demo is kept nowhere but in their own conversations.
    const vendors = await startVendors({ journalLimit: 0 });
    stops.push(() => vendors.stop());
    return vendors.environment();
  });
}

async function startServices(
  plans: readonly ServicePlan[],
  options: StackOptions & { readonly port: number },
  stops: Stops,
): Promise<void> {
  const { config, directory, isIsolated, logsDir, progress, signal, user } = options;
  const how = { logsDir, logLevel: config.logLevel };
  const isolation = { ...how, runDir: directory.runDir, user, say: progress.say };
  const services = isIsolated
    ? await runIsolated(plans, isolation)
    : await runInProcess(plans, how);
  stops.push(() => services.stop());
  const ready = waitUntilReady(
    {
      ...Object.fromEntries(
        plans.map((plan) => [plan.name, `http://127.0.0.1:${plan.healthPort}`]),
      ),
      'the door': `http://${reachableHost(config.host)}:${options.port}`,
    },
    { timeoutMs: readyLimitMs, signal },
  );
  await ('failed' in services ? Promise.race([ready, services.failed]) : ready);
}

/** Where one finds what listens everywhere. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
