import { serviceNames } from '@mosaic/proto';
import { type Msg, nuid, type Subscription } from '@nats-io/transport-node';
import { z } from 'zod';
import { type BusCore, send } from './connection/bus-core.ts';
import { decoded, encoded } from './message/codec.ts';
import type { RunningInstance } from './port.ts';
import type { EndpointStats } from './requests/serving.ts';

/** Who answers discovery: the service API of NATS (ADR-32), which its own tools read too. */
export interface Instance {
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly startedAt: Date;
  endpoints(): readonly EndpointStats[];
}

const responseType = (verb: string) => `io.nats.micro.v1.${verb}_response`;
const nanosPerMs = 1_000_000;

export function makeInstanceId(): string {
  return nuid.next();
}

/** Answers `$SRV.PING|INFO|STATS[.name[.id]]`; undefined for principals that are no service. */
export function answerDiscovery(core: BusCore, instance: Instance): Subscription | undefined {
  if (!serviceNames.some((name) => name === core.principal)) return undefined;
  return core.connection.subscribe('$SRV.>', {
    callback: (error, message) => {
      if (error === null) answer(core, instance, message);
    },
  });
}

function answer(core: BusCore, instance: Instance, message: Msg): void {
  const [, verb, name = instance.name, id = instance.id] = message.subject.split('.');
  const isMeant = name === instance.name && id === instance.id;
  if (!isMeant || message.reply === undefined || message.reply === '') return;
  const body = bodyFor(verb, instance);
  if (body === undefined) return;
  try {
    send(core, { subject: message.reply, data: encoded(body) });
  } catch (thrown) {
    core.log.debug({ err: thrown }, 'Discovery could not be answered.');
  }
}

function bodyFor(verb: string | undefined, instance: Instance): object | undefined {
  const { name, id, version, metadata } = instance;
  const who = { name, id, version, metadata };
  switch (verb) {
    case 'PING':
      return { type: responseType('ping'), ...who };
    case 'INFO':
      return {
        type: responseType('info'),
        ...who,
        description: `Mosaic ${name}`,
        endpoints: instance.endpoints().map((one) => ({
          ...endpointOf(instance, one),
          metadata: { kind: one.contract.kind, summary: one.contract.summary },
        })),
      };
    case 'STATS':
      return {
        type: responseType('stats'),
        ...who,
        started: instance.startedAt.toISOString(),
        endpoints: instance.endpoints().map((one) => statsOf(instance, one)),
      };
    default:
      return undefined;
  }
}

function endpointOf(instance: Instance, { contract }: EndpointStats) {
  return {
    name: contract.subject.replaceAll(/[^A-Za-z0-9_-]/g, '-'),
    subject: contract.subject,
    queue_group: instance.name,
  };
}

function statsOf(instance: Instance, stats: EndpointStats) {
  const processingTime = Math.round(stats.processingMs * nanosPerMs);
  return {
    ...endpointOf(instance, stats),
    num_requests: stats.requests,
    num_errors: stats.errors,
    last_error: stats.lastError,
    processing_time: processingTime,
    average_processing_time: stats.requests === 0 ? 0 : Math.round(processingTime / stats.requests),
  };
}

const pingSchema = z.object({
  name: z.string(),
  id: z.string(),
  version: z.string(),
  metadata: z.record(z.string(), z.string()).nullish(),
});

/** Asks who is there and gathers the answers of `waitMs`. */
export async function discover(core: BusCore, waitMs: number): Promise<readonly RunningInstance[]> {
  const found: RunningInstance[] = [];
  const inbox = core.replies.open((message) => {
    const instance = readPing(message);
    if (instance !== undefined) found.push(instance);
  });
  try {
    send(core, { subject: '$SRV.PING', data: new Uint8Array(), reply: inbox.subject });
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  } finally {
    inbox.close();
  }
  return found.sort((one, other) =>
    `${one.name} ${one.id}`.localeCompare(`${other.name} ${other.id}`),
  );
}

/** Undefined for what is no answer to a ping, such as the server's "nobody hears this". */
function readPing(message: Msg): RunningInstance | undefined {
  if (message.data.length === 0) return undefined;
  try {
    const { name, id, version, metadata } = pingSchema.parse(decoded(message.data));
    return { name, id, version, metadata: metadata ?? {} };
  } catch {
    return undefined;
  }
}
