import { buckets, MosaicError, type StreamSpec, streams, subjectFilter } from '@mosaic/proto';
import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import { inboxPrefixFor, openConnection } from './connection/nats-connection.ts';
import { mayPass } from './events/event-core.ts';

export interface ProvisionOptions {
  readonly url: string;
  /** The provisioner's. */
  readonly credentials?: string;
  /** Copies of each stream: 1 on one server, 3 in a cluster of three. */
  readonly replicas?: number;
  /** How long to try; 30,000 when not given. */
  readonly timeoutMs?: number;
}

const msPerS = 1_000;
const retryMs = 500;
/** A cluster that just started has no leader for some seconds. */
const usualTimeoutMs = 30_000;

/**
 * Makes the streams and buckets of the installation, or brings them up to date; running it again
 * changes nothing. Throws MosaicError.
 */
export async function provisionBus(options: ProvisionOptions): Promise<void> {
  const timeoutMs = options.timeoutMs ?? usualTimeoutMs;
  const deadline = Date.now() + timeoutMs;
  const connection = await openConnection({
    url: options.url,
    name: 'provisioner',
    inboxPrefix: inboxPrefixFor('provisioner'),
    credentials: options.credentials,
    timeoutMs,
  });
  try {
    for (;;) {
      try {
        await provisionAll(connection, options.replicas ?? 1);
        return;
      } catch (thrown) {
        if (!mayPass(thrown) || Date.now() + retryMs > deadline) throw unavailable(thrown);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  } finally {
    await connection.close();
  }
}

async function provisionAll(connection: NatsConnection, replicas: number): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  for (const spec of streams) await provisionStream(manager, streamConfig(spec, replicas));
  const bucketMaker = new Kvm(jetstream(connection));
  for (const { name, ttlS } of buckets) {
    await bucketMaker.create(name, { ttl: ttlS * msPerS, history: 1, replicas });
    // Making it leaves the settings of one that is there.
    const max_age = nanos(ttlS * msPerS);
    const changes = { max_age, duplicate_window: max_age, num_replicas: replicas };
    await manager.streams.update(`KV_${name}`, changes);
  }
}

function unavailable(thrown: unknown): MosaicError {
  if (thrown instanceof MosaicError) return thrown;
  return new MosaicError('service_unavailable', 'The streams of the bus could not be made.', {
    cause: thrown,
  });
}

async function provisionStream(manager: JetStreamManager, config: WantedStream): Promise<void> {
  try {
    await manager.streams.info(config.name);
  } catch (thrown) {
    const isMissing =
      thrown instanceof JetStreamApiError && thrown.code === JetStreamApiCodes.StreamNotFound;
    if (!isMissing) throw thrown;
    await manager.streams.add(config);
    return;
  }
  const { name, ...changes } = config;
  await manager.streams.update(name, changes);
}

type WantedStream = Partial<StreamConfig> & Pick<StreamConfig, 'name'>;

function streamConfig(spec: StreamSpec, replicas: number): WantedStream {
  return {
    name: spec.name,
    description: spec.summary,
    subjects: [...new Set(spec.subjects.map((subject) => subjectFilter(subject)))],
    retention: spec.retention === 'workqueue' ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    storage: spec.storage === 'file' ? StorageType.File : StorageType.Memory,
    discard: DiscardPolicy.Old,
    max_age: nanos(spec.maxAgeS * msPerS),
    num_replicas: replicas,
    ...windowOf(spec),
  };
}

/** The server refuses a window above the age of messages, and takes none for "as you like". */
function windowOf(spec: StreamSpec): Partial<StreamConfig> {
  if (spec.duplicateWindowS === 0) return {};
  const seconds =
    spec.maxAgeS === 0 ? spec.duplicateWindowS : Math.min(spec.duplicateWindowS, spec.maxAgeS);
  return { duplicate_window: nanos(seconds * msPerS) };
}
