import { allContracts } from './all-contracts.ts';
import { type Contract, type ServiceName, subjectPrefix } from './contract.ts';
import { buckets, streams } from './streams.ts';
import { subjectFilter } from './subjects.ts';

/** What one credential may do on the bus; subjects with NATS wildcards. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Private inbox prefix of a principal: nobody else may listen there. */
export function inboxPrefix(principal: string): string {
  return `_INBOX.${principal}`;
}

/** Private inbox prefix of a bridge; below `bridge` so that one pattern covers replies to all of them. */
export function bridgeInboxPrefix(channelId: string): string {
  return inboxPrefix(`bridge.${channelId}`);
}

/** Name of the durable consumer through which a bridge reads its own channel. */
export function bridgeConsumer(channelId: string): string {
  return `bridge-${channelId}`;
}

/** Subject on which the caller of a stream says `cancel` or `alive`; below the stream's own subject. */
export function streamControlSubject(subject: string, streamId: string): string {
  return `${subjectPrefix}.${subject}.ctl.${streamId}`;
}

/** The permissions of a service, made from the contracts and streams it takes part in. */
export function servicePermissions(name: ServiceName): Permissions {
  const contracts = Object.values(allContracts);
  return sorted({
    publish: [
      ...contracts.flatMap((contract) => publishedBy(contract, name)),
      ...streams.filter((one) => one.readBy.includes(name)).flatMap((one) => reading(one.name)),
      ...streams
        .filter((one) => one.purgedBy.includes(name))
        .map((one) => `$JS.API.STREAM.PURGE.${one.name}`),
      ...buckets
        .filter((one) => one.usedBy.includes(name))
        .flatMap((one) => [`$KV.${one.name}.>`, ...reading(`KV_${one.name}`)]),
      '$JS.API.INFO',
      // Discovery (NATS service API): the gateway asks, everybody answers it.
      ...(name === 'gateway' ? ['$SRV.>'] : []),
      `${inboxPrefix('gateway')}.>`,
    ],
    subscribe: [
      `${inboxPrefix(name)}.>`,
      '$SRV.>',
      ...contracts.flatMap((contract) => heardBy(contract, name)),
    ],
  });
}

/** The permissions of one bridge: its own channel's subjects and nothing else. */
export function bridgePermissions(channelId: string): Permissions {
  const consumer = bridgeConsumer(channelId);
  const own = Object.values(allContracts).flatMap((contract) => {
    const may =
      contract.kind === 'event'
        ? contract.publishedBy.includes('bridge')
        : contract.calledBy.includes('bridge');
    return may ? [subjectFilter(contract.subject, { channelId })] : [];
  });
  return sorted({
    publish: [
      ...own,
      `$JS.API.CONSUMER.INFO.CHANNEL_OUT.${consumer}`,
      `$JS.API.CONSUMER.MSG.NEXT.CHANNEL_OUT.${consumer}`,
      `$JS.ACK.CHANNEL_OUT.${consumer}.>`,
    ],
    subscribe: [`${bridgeInboxPrefix(channelId)}.>`],
  });
}

/** The permissions of the provisioner, which makes streams and buckets before services start. */
export const provisionerPermissions: Permissions = {
  publish: ['$JS.API.>'],
  subscribe: [`${inboxPrefix('provisioner')}.>`],
};

function publishedBy(contract: Contract, name: ServiceName): string[] {
  if (contract.kind === 'event') {
    return contract.publishedBy.includes(name) ? [subjectFilter(contract.subject)] : [];
  }
  const subject = subjectFilter(contract.subject);
  const replies =
    contract.servedBy === name ? contract.calledBy.map((caller) => `${inboxPrefix(caller)}.>`) : [];
  if (!contract.calledBy.includes(name)) return replies;
  const control = contract.kind === 'stream' ? [`${subject}.ctl.*`] : [];
  return [subject, ...control, ...replies];
}

function heardBy(contract: Contract, name: ServiceName): string[] {
  if (contract.kind === 'event') {
    return contract.consumedBy.includes(name) ? [subjectFilter(contract.subject)] : [];
  }
  if (contract.servedBy !== name) return [];
  const subject = subjectFilter(contract.subject);
  return contract.kind === 'stream' ? [subject, `${subject}.ctl.*`] : [subject];
}

/** What reading a stream by consumers of one's own takes from the JetStream API. */
function reading(stream: string): string[] {
  return [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.*`,
    `$JS.API.CONSUMER.INFO.${stream}.*`,
    `$JS.API.CONSUMER.DELETE.${stream}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
    `$JS.ACK.${stream}.>`,
  ];
}

function sorted(permissions: Permissions): Permissions {
  const unique = (subjects: readonly string[]) => [...new Set(subjects)].sort();
  return { publish: unique(permissions.publish), subscribe: unique(permissions.subscribe) };
}
