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
import { nanos } from '@nats-io/transport-node';
import { inboxPrefixFor, openConnection } from './connection/nats-connection.ts';
import { defaultTimings } from './timings.ts';

export interface ProvisionOptions {
  readonly url: string;
  /** The provisioner's. */
  readonly credentials?: string;
  /** Copies of each stream: 1 on one server, 3 in a cluster of three. */
  readonly replicas?: number;
  readonly connectTimeoutMs?: number;
}

const msPerS = 1_000;

/**
 * Makes the streams and buckets of the installation, or brings them up to date; running it again
 * changes nothing. Throws MosaicError.
 */
export async function provisionBus(options: ProvisionOptions): Promise<void> {
  const connection = await openConnection({
    url: options.url,
    name: 'provisioner',
    inboxPrefix: inboxPrefixFor('provisioner'),
    credentials: options.credentials,
    timeoutMs: options.connectTimeoutMs ?? defaultTimings.connectMs,
  });
  const replicas = options.replicas ?? 1;
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    for (const spec of streams) await provisionStream(manager, streamConfig(spec, replicas));
    const bucketMaker = new Kvm(jetstream(connection));
    for (const { name, ttlS } of buckets) {
      await bucketMaker.create(name, { ttl: ttlS * msPerS, history: 1, replicas });
    }
  } catch (cause) {
    if (cause instanceof MosaicError) throw cause;
    throw new MosaicError('service_unavailable', 'The streams of the bus could not be made.', {
      cause,
    });
  } finally {
    await connection.close();
  }
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
