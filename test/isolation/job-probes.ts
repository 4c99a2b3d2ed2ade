import { makeId } from '@mosaic/proto';
import type { SignedCaller } from '@mosaic/service-kit';
import { Queue, QueueEvents } from 'bullmq';
import type { Loot } from './probes.ts';

/** A job as it could stand in Redis. */
export interface JobProbe {
  readonly queue: 'conversations' | 'maintenance';
  readonly payload: object;
  /** What it returns, or why it fails. */
  readonly says: RegExp;
}

type Make = (bob: Loot, ada: SignedCaller) => readonly JobProbe[];

/** What runs with Ada's signature on what is Bob's, and in Bob's name without his signature. */
export const jobProbes: Readonly<Record<string, Make>> = {
  'title-conversation': ({ conversationId, userId }, ada) => [
    { queue: 'conversations', payload: { conversationId, caller: ada }, says: /is gone/ },
    {
      queue: 'conversations',
      payload: { conversationId, caller: { ...ada, userId } },
      says: /has a title already/,
    },
  ],
  'extract-memories': ({ conversationId, messageId, userId }, ada) => {
    const turn = { conversationId, messageId, run: makeId(), seq: 3 };
    return [
      { queue: 'conversations', payload: { ...turn, caller: ada }, says: /no such|not/i },
      { queue: 'conversations', payload: { ...turn, caller: { ...ada, userId } }, says: /./ },
    ];
  },
  // These work for nobody: what they are given to read is nobody's.
  'sweep-retention': ({ userId }) => [
    { queue: 'maintenance', payload: { userId }, says: /Removed 0 conversations/ },
  ],
  'move-tiers': ({ userId }) => [
    { queue: 'maintenance', payload: { userId }, says: /Moved 0 conversations to warm/ },
  ],
  'summarize-idle': ({ userId }) => [
    { queue: 'maintenance', payload: { userId }, says: /Summarised 0 of 0/ },
  ],
  'refresh-catalogue': ({ userId }) => [{ queue: 'maintenance', payload: { userId }, says: /./ }],
};

/** Puts jobs straight into Redis, as only the jobs service does, and waits for what they say. */
export async function openQueues(redisUrl: string) {
  const connection = { url: redisUrl, maxRetriesPerRequest: null };
  const open = new Map(
    (['conversations', 'maintenance'] as const).map((name) => [
      name,
      { queue: new Queue(name, { connection }), events: new QueueEvents(name, { connection }) },
    ]),
  );
  return {
    async run(name: string, { payload, queue }: JobProbe): Promise<string> {
      const at = open.get(queue);
      if (at === undefined) throw new TypeError(`no queue ${queue}`);
      const job = await at.queue.add(name, payload, { attempts: 1, jobId: `probe-${makeId()}` });
      const done: Promise<unknown> = job.waitUntilFinished(at.events, 20_000);
      const said = await done.catch((thrown: Error) => thrown.message);
      const { logs } = await at.queue.getJobLogs(job.id ?? '');
      return `${said} ${logs.join(' ')}`;
    },
    async close(): Promise<void> {
      for (const { queue, events } of open.values()) {
        await Promise.all([queue.close(), events.close()]);
      }
    },
  };
}
