import { type EventContract, type SubjectTokens, subjectFilter } from '@mosaic/proto';
import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { type EventCore, eventError, streamOf } from './event-core.ts';

export interface ConsumerSpec {
  readonly event: EventContract;
  readonly durable: string;
  readonly ackWaitMs: number;
  readonly tokens?: SubjectTokens | undefined;
  readonly maxDeliver?: number | undefined;
  readonly from?: 'start' | 'now' | undefined;
}

/** Deliveries that a consumer may have open, over all replicas that share it. */
const maxAckPending = 1_000;

/** Makes the durable consumer when it is missing, and brings its settings up to date when it can. */
export async function ensureConsumer(core: EventCore, spec: ConsumerSpec): Promise<void> {
  const stream = streamOf(spec.event);
  try {
    const info = await infoOf(core, stream, spec.durable);
    const isBridge = core.principal.startsWith('bridge');
    // A bridge may use its consumer and nothing more: the gateway made it.
    if (info !== undefined && (isBridge || isAsWanted(info.config, configOf(spec)))) return;
    await core.manager.consumers.add(stream, configOf(spec));
  } catch (thrown) {
    throw eventError(thrown);
  }
}

async function infoOf(
  core: EventCore,
  stream: string,
  durable: string,
): Promise<ConsumerInfo | undefined> {
  try {
    return await core.manager.consumers.info(stream, durable);
  } catch (thrown) {
    const isMissing =
      thrown instanceof JetStreamApiError && thrown.code === JetStreamApiCodes.ConsumerNotFound;
    if (isMissing) return undefined;
    throw thrown;
  }
}

function configOf(spec: ConsumerSpec): Partial<ConsumerConfig> {
  return {
    durable_name: spec.durable,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(spec.ackWaitMs),
    max_deliver: spec.maxDeliver ?? -1,
    max_ack_pending: maxAckPending,
    filter_subject: subjectFilter(spec.event.subject, spec.tokens),
    deliver_policy: spec.from === 'now' ? DeliverPolicy.New : DeliverPolicy.All,
  };
}

/** Where a consumer began can't be changed, so it does not count. */
function isAsWanted(have: Partial<ConsumerConfig>, want: Partial<ConsumerConfig>): boolean {
  return (
    have.ack_wait === want.ack_wait &&
    (have.max_deliver ?? -1) === want.max_deliver &&
    have.max_ack_pending === want.max_ack_pending &&
    have.filter_subject === want.filter_subject
  );
}
