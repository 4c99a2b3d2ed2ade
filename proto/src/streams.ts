import { toolResultKept } from './agents/tool-results.ts';
import { channelInbound, channelOutbound } from './channel/messages.ts';
import type { EventContract, ServiceName, StateContract } from './contract.ts';
import { conversationLog } from './conversation/events.ts';
import { inbox } from './conversation/inbox.ts';
import { live } from './conversation/live.ts';
import { userDeleted, userPurged } from './gateway/user-deleted.ts';
import { keyRests } from './providers/key-rests.ts';
import { callEnded, callStarted } from './providers/ledger.ts';

/** A JetStream stream of the installation; made by the provisioner before any service starts. */
export interface StreamSpec {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly retention: 'limits' | 'workqueue';
  readonly storage: 'file' | 'memory';
  /** Seconds a message is kept; 0 = for ever. */
  readonly maxAgeS: number;
  /** Seconds within which the same message id is stored once. */
  readonly duplicateWindowS: number;
  /** Services that may read it, by consumers of their own. */
  readonly readBy: readonly ServiceName[];
  /** Services that may remove a subject's messages for good. */
  readonly purgedBy: readonly ServiceName[];
  readonly summary: string;
}

const patterns = (...contracts: readonly EventContract[]) => contracts.map((one) => one.subject);

export const streams: readonly StreamSpec[] = [
  {
    name: 'INBOX',
    subjects: patterns(inbox),
    retention: 'workqueue',
    storage: 'file',
    maxAgeS: 0,
    duplicateWindowS: 3_600,
    readBy: ['agents'],
    purgedBy: ['agents'],
    summary: 'Accepted messages until their turn has ended.',
  },
  {
    name: 'CONVERSATIONS',
    subjects: patterns(conversationLog),
    retention: 'limits',
    storage: 'file',
    maxAgeS: 0,
    duplicateWindowS: 120,
    readBy: ['agents', 'gateway', 'memory', 'jobs'],
    purgedBy: ['memory'],
    summary: 'The log of every conversation, for ever.',
  },
  {
    name: 'LIVE',
    subjects: patterns(live),
    retention: 'limits',
    storage: 'memory',
    maxAgeS: 600,
    duplicateWindowS: 0,
    readBy: ['gateway'],
    purgedBy: ['gateway'],
    summary: 'Deltas of running turns for those who join or return in mid-stream.',
  },
  {
    name: 'TOOL_RESULTS',
    subjects: patterns(toolResultKept),
    retention: 'limits',
    storage: 'file',
    maxAgeS: 7 * 86_400,
    duplicateWindowS: 0,
    readBy: ['agents'],
    purgedBy: ['agents'],
    summary: 'Long results of tools for some days, so that models can read on.',
  },
  {
    name: 'LEDGER',
    subjects: patterns(callStarted, callEnded),
    retention: 'workqueue',
    storage: 'file',
    // Longer than any outage of PostgreSQL that somebody means to end.
    maxAgeS: 90 * 86_400,
    duplicateWindowS: 3_600,
    readBy: ['providers'],
    purgedBy: ['providers'],
    summary: 'Model calls on their way into the ledger.',
  },
  {
    name: 'USERS',
    subjects: patterns(userDeleted, userPurged),
    retention: 'limits',
    storage: 'file',
    // A service that was away for however long, or a database from a backup, still hears of it.
    maxAgeS: 0,
    duplicateWindowS: 120,
    readBy: ['router', 'agents', 'providers', 'memory', 'jobs'],
    purgedBy: [],
    summary: 'Which accounts were removed, and what of them; ids and counts alone.',
  },
  {
    name: 'CHANNEL_IN',
    subjects: ['channel.{channelId}.in.{kind}'],
    retention: 'limits',
    storage: 'file',
    maxAgeS: 7 * 86_400,
    duplicateWindowS: 3_600,
    readBy: ['gateway'],
    purgedBy: [],
    summary: `What bridges bring in (${channelInbound.subject} and outcomes).`,
  },
  {
    name: 'CHANNEL_OUT',
    subjects: patterns(channelOutbound),
    retention: 'limits',
    storage: 'file',
    maxAgeS: 7 * 86_400,
    duplicateWindowS: 3_600,
    readBy: ['gateway'],
    purgedBy: [],
    summary: 'What bridges should show; each bridge reads its own channel by one consumer.',
  },
];

/** All shared state there is; each has a bucket of its own. */
export const sharedStates: Readonly<Record<string, StateContract>> = { keyRests };

/** A key-value bucket. `ttlS` is the life of an entry that nobody renews. */
export interface BucketSpec {
  readonly name: string;
  readonly ttlS: number;
  readonly usedBy: readonly ServiceName[];
  readonly summary: string;
}

export const buckets: readonly BucketSpec[] = [
  {
    name: 'LEASES',
    ttlS: 5,
    usedBy: ['agents'],
    summary: 'Which worker runs a turn of which conversation.',
  },
  ...Object.values(sharedStates).map(({ bucket, ...spec }) => ({ name: bucket, ...spec })),
];
