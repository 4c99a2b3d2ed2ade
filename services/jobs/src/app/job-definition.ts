import type {
  applyExtraction,
  listUnsummarized,
  ModelRef,
  moveTiers,
  OutputFormat,
  prepareExtraction,
  prepareSummary,
  ReplyOf,
  RequestOf,
  refreshCatalogue,
  saveSummary,
  Turn,
} from '@mosaic/proto';
import { z } from 'zod';

/** On whose behalf a job runs; the signature stays in the queue and is never shown. */
export const jobCallerSchema = z.object({
  userId: z.string(),
  role: z.enum(['member', 'admin', 'service']),
  via: z.string().optional(),
  token: z.string(),
});
export type JobCaller = Readonly<z.infer<typeof jobCallerSchema>>;

/** What a model is asked. */
export interface JobQuestion {
  readonly system: string;
  readonly text: string;
  readonly conversationId: string;
  /** What it stands under in the ledger. */
  readonly purpose: 'title' | 'memory' | 'summary';
  readonly outputFormat?: OutputFormat;
}

/** Everything outside that jobs may use. */
export interface JobPorts {
  readonly nowMs: () => number;
  /** Days that an untouched conversation is kept, or null for ever. */
  readonly retentionDays: number | null;
  /** Title and first turns of a conversation; undefined when it is gone. */
  readOpening(
    caller: JobCaller,
    conversationId: string,
  ): Promise<{ readonly title: string | null; readonly turns: readonly Turn[] } | undefined>;
  /** Asks a model that the router chooses; the whole answer as text. */
  ask(
    caller: JobCaller,
    question: JobQuestion,
  ): Promise<{ readonly text: string; readonly by: ModelRef; readonly isSimulated: boolean }>;
  /** What a finished turn says, or why it is not to be read for memories. */
  prepareExtraction(
    caller: JobCaller,
    turn: Omit<RequestOf<typeof prepareExtraction>, 'minSeq'> & { readonly seq: number },
  ): Promise<ReplyOf<typeof prepareExtraction>>;
  /** False when a finished turn is not to be read for memories; true also when nobody can say. */
  isWorthReading(
    caller: JobCaller,
    turn: Omit<RequestOf<typeof prepareExtraction>, 'minSeq'> & { readonly seq: number },
  ): Promise<boolean>;
  applyExtraction(
    caller: JobCaller,
    extraction: RequestOf<typeof applyExtraction>,
  ): Promise<ReplyOf<typeof applyExtraction>>;
  rename(caller: JobCaller, conversationId: string, title: string): Promise<void>;
  sweep(untouchedSince: string | null): Promise<{ users: number; conversations: number }>;
  /** Moves conversations that are due to another tier, of some users. */
  moveTiers(afterUser: string | null): Promise<ReplyOf<typeof moveTiers>>;
  listUnsummarized(limit: number): Promise<ReplyOf<typeof listUnsummarized>['conversations']>;
  /** Who last wrote to a conversation, signed; undefined when its log is gone. */
  lastCaller(conversation: {
    readonly userId: string;
    readonly conversationId: string;
  }): Promise<JobCaller | undefined>;
  prepareSummary(
    caller: JobCaller,
    conversationId: string,
  ): Promise<ReplyOf<typeof prepareSummary>>;
  saveSummary(caller: JobCaller, summary: RequestOf<typeof saveSummary>): Promise<boolean>;
  /** Has the live lists of all vendors read again, and hears what changed. */
  refreshCatalogue(): Promise<ReplyOf<typeof refreshCatalogue>>;
}

/** A kind of background work. `run` is a plain function; only the queue adapter knows BullMQ. */
export interface JobDefinition<Payload extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly queue: 'conversations' | 'maintenance';
  readonly payload: Payload;
  /** Tries in all before the job counts as failed. */
  readonly attempts: number;
  /** Schedule that a new installation starts with: a cron pattern in UTC. */
  readonly cron?: string;
  /** Returns one line for the job's log. */
  run(payload: z.infer<Payload>, ports: JobPorts): Promise<string>;
}

/** Declares a job; its name must be unique over all queues. */
export function defineJob<Payload extends z.ZodType>(
  definition: JobDefinition<Payload>,
): JobDefinition<Payload> {
  return Object.freeze(definition);
}
