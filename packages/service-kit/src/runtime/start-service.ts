import { serviceNames } from '@mosaic/proto';
import type { Logger } from 'pino';
import { assertServed } from '../bus/assert-served.ts';
import { connectBus } from '../bus/connect-bus.ts';
import type { Bus } from '../bus/port.ts';
import { createLogger } from './create-logger.ts';
import { type HealthServer, startHealthServer } from './health-server.ts';
import { kitSettings } from './kit-settings.ts';
import type {
  ConfigOf,
  Environment,
  ReadinessCheck,
  RunningService,
  ServiceDefinition,
  Settings,
} from './port.ts';
import { readSettings, refuseProblems } from './read-config.ts';
import { collectEnds, type ServiceEnds } from './service-ends.ts';
import { createServiceMetrics } from './service-metrics.ts';

type KitConfig = ConfigOf<typeof kitSettings>;

export interface StartOptions {
  /** Parent of the service's logger; by default one of its own on the standard output. */
  readonly log?: Logger;
}

/**
 * Reads the configuration, connects to the bus, starts the service and its health pages. Rejects with
 * a MosaicError whose message is for the operator; what had been started by then is stopped again.
 */
export async function startService<S extends Settings>(
  definition: ServiceDefinition<S>,
  env: Environment,
  options: StartOptions = {},
): Promise<RunningService> {
  const { kit, config } = readBoth(definition, env);
  const log = (options.log ?? createLogger(kit.logLevel)).child({ service: definition.name });
  const bus = await connect(definition.name, kit, log);
  const ends = collectEnds(bus, log);
  const checks: ReadinessCheck[] = [{ name: 'bus', check: async () => bus.isConnected }];
  const notReady = () => failingChecks(checks);
  const metrics = createServiceMetrics(definition.name, bus);
  try {
    await definition.start({
      config,
      bus,
      log,
      clock: { now: () => Date.now() },
      metrics,
      notReady,
      addReadiness: (check) => checks.push(check),
      onStop: ends.onStop,
      onDrain: ends.onDrain,
    });
    assertAllServed(bus, definition.name);
    // The server knows of every handler now: whoever is told that the service runs can ask it at once.
    await bus.flush();
    await serveHealth(kit, ends, {
      notReady,
      details: () => checks.flatMap((one) => one.detail?.() ?? []),
      metrics: metrics.text,
      metricsType: metrics.contentType,
    });
  } catch (error) {
    await ends.stop();
    throw error;
  }
  log.info('started');
  return { name: definition.name, notReady, stop: ends.stop };
}

/** Boot is a test: a declared contract without a handler stops the start. */
function assertAllServed(bus: Bus, name: string): void {
  const service = serviceNames.find((one) => one === name);
  if (service !== undefined) assertServed(bus, service);
}

function readBoth<S extends Settings>(definition: ServiceDefinition<S>, env: Environment) {
  const kit = readSettings(kitSettings, env);
  const own = readSettings(definition.settings, env);
  refuseProblems([...kit.problems, ...own.problems]);
  return { kit: kit.config, config: own.config };
}

function connect(principal: string, kit: KitConfig, log: Logger): Promise<Bus> {
  const { callerPublicKey, callerSeed, credentials } = kit;
  return connectBus({
    url: kit.natsUrl,
    principal,
    log,
    callerKeys: {
      publicKey: callerPublicKey,
      ...(callerSeed === undefined ? {} : { seed: callerSeed }),
    },
    ...(credentials === undefined ? {} : { credentials }),
  });
}

async function failingChecks(checks: readonly ReadinessCheck[]): Promise<readonly string[]> {
  const held = await Promise.all(checks.map((one) => one.check().catch(() => false)));
  return checks.filter((_, index) => held[index] !== true).map((one) => one.name);
}

async function serveHealth(
  kit: KitConfig,
  ends: ServiceEnds,
  source: Parameters<typeof startHealthServer>[1],
): Promise<void> {
  if (kit.healthPort === 0) return;
  const server: HealthServer = await startHealthServer(
    { host: kit.healthHost, port: kit.healthPort },
    source,
  );
  ends.onStop(() => server.close());
}
