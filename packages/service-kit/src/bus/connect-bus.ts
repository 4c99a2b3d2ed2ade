import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type BusLog, silentLog } from './bus-log.ts';
import { ConnectionWatch } from './connection/connection-watch.ts';
import { inboxPrefixFor, openConnection } from './connection/nats-connection.ts';
import { Outbox } from './connection/outbox.ts';
import { ReplyInbox } from './connection/reply-inbox.ts';
import { WorkTracker } from './connection/work-tracker.ts';
import type { EventCore } from './events/event-core.ts';
import { NatsBus } from './nats-bus.ts';
import type { Bus } from './port.ts';
import { makeInstanceId } from './service-api.ts';
import { type BusTimings, defaultTimings } from './timings.ts';

export interface BusOptions {
  /** `nats://host:port`, several of a cluster with commas between. */
  readonly url: string;
  /** A service's name, or `bridge-<channelId>`. */
  readonly principal: string;
  /** Only when the credentials allow another one than the principal's own. */
  readonly inboxPrefix?: string;
  /** Text of a credentials file. */
  readonly credentials?: string;
  /** Key that the gateway's signature on callers is checked with. */
  readonly callerKeys: { readonly publicKey: string; readonly seed?: string };
  /** Which of several replicas this is; for people. */
  readonly instanceName?: string;
  /** Semantic version of the service. */
  readonly version?: string;
  readonly log?: BusLog;
  /** What discovery tells about this instance. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Shorter times, for tests. */
  readonly timings?: Partial<BusTimings>;
}

/** Connects to the bus. Throws unauthenticated or service_unavailable. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const { principal, log = silentLog } = options;
  const timings = { ...defaultTimings, ...options.timings };
  const inboxPrefix = options.inboxPrefix ?? inboxPrefixFor(principal);
  const instanceId = makeInstanceId();
  const connection = await openConnection({
    url: options.url,
    name: `${principal}@${options.instanceName ?? instanceId}`,
    inboxPrefix,
    credentials: options.credentials,
    timeoutMs: timings.connectMs,
  });
  const core: EventCore = {
    connection,
    principal,
    callerPublicKey: options.callerKeys.publicKey,
    inboxPrefix,
    timings,
    log,
    watch: new ConnectionWatch(connection, log),
    outbox: new Outbox(connection, log),
    replies: new ReplyInbox(connection, inboxPrefix),
    work: new WorkTracker(),
    jetstream: jetstream(connection),
    manager: await jetstreamManager(connection, { checkAPI: false }),
  };
  const name = options.instanceName;
  return new NatsBus(core, {
    id: instanceId,
    version: options.version ?? '0.0.0',
    metadata: { ...options.metadata, ...(name === undefined ? {} : { instance: name }) },
  });
}
