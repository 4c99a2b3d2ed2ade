import {
  applyExtraction,
  type ConversationEvent,
  conversationLog,
  decideRoute,
  listUnsummarized,
  MosaicError,
  moveTiers,
  prepareExtraction,
  prepareSummary,
  refreshCatalogue,
  saveSummary,
  streamCompletion,
  sweepRetention,
  turnsFromEvents,
  updateConversation,
} from '@mosaic/proto';
import type { Bus, Clock, SignedCaller } from '@mosaic/service-kit';
import type { JobCaller, JobPorts, JobQuestion } from '../app/job-definition.ts';

/** Events read for a title: the opening of a conversation is enough. */
const openingEvents = 40;
const sweepTimeoutMs = 300_000;
/** Memory works for a minute and then answers; one large conversation may take longer. */
const moveTimeoutMs = 300_000;
/** A job that was asked for in vain costs less than a trigger that waits. */
const worthTimeoutMs = 2_000;
/** Each vendor has ten seconds for its list, and all are asked at once. */
const refreshTimeoutMs = 60_000;

/** Ties jobs to the rest of Mosaic over the bus. */
export function makeJobPorts(bus: Bus, clock: Clock, retentionDays: number | null): JobPorts {
  return {
    nowMs: () => clock.now(),
    retentionDays,
    readOpening: ({ userId }, conversationId) => readOpening(bus, { userId, conversationId }),
    ask: (caller, question) => ask(bus, signed(caller), question),
    prepareExtraction: (caller, { seq, ...turn }) =>
      bus.call(prepareExtraction, { ...turn, minSeq: seq }, { caller: signed(caller) }),
    isWorthReading: (caller, { seq, ...turn }) =>
      bus
        .call(
          prepareExtraction,
          { ...turn, minSeq: seq },
          { caller: signed(caller), timeoutMs: worthTimeoutMs },
        )
        .then(
          ({ isWanted }) => isWanted,
          // Memory is away or behind: the job asks again, for as long as it takes.
          () => true,
        ),
    applyExtraction: (caller, extraction) =>
      bus.call(applyExtraction, extraction, { caller: signed(caller) }),
    async rename(jobCaller, conversationId, title) {
      const caller = signed(jobCaller);
      await bus.call(updateConversation, { conversationId, title, by: 'job' }, { caller });
    },
    sweep: (untouchedSince) =>
      bus.call(sweepRetention, { untouchedSince }, { timeoutMs: sweepTimeoutMs }),
    ...storagePorts(bus),
    refreshCatalogue: () => bus.call(refreshCatalogue, {}, { timeoutMs: refreshTimeoutMs }),
  };
}

type StoragePorts = Pick<
  JobPorts,
  'moveTiers' | 'listUnsummarized' | 'lastCaller' | 'prepareSummary' | 'saveSummary'
>;

function storagePorts(bus: Bus): StoragePorts {
  return {
    moveTiers: (afterUser) => bus.call(moveTiers, { afterUser }, { timeoutMs: moveTimeoutMs }),
    listUnsummarized: async (limit) =>
      (await bus.call(listUnsummarized, { limit }, { timeoutMs: moveTimeoutMs })).conversations,
    async lastCaller(tokens) {
      const caller = (await bus.lastOf(conversationLog, tokens))?.caller;
      return caller === undefined || caller.userId !== tokens.userId ? undefined : caller;
    },
    prepareSummary: (caller, conversationId) =>
      bus.call(prepareSummary, { conversationId }, { caller: signed(caller) }),
    saveSummary: async (caller, summary) =>
      (await bus.call(saveSummary, summary, { caller: signed(caller) })).isSaved,
  };
}

/**
 * Reads the log itself: memory may not have heard of an answer that was given a moment ago, and a
 * conversation that it does not know yet is not gone.
 */
async function readOpening(
  bus: Bus,
  tokens: { readonly userId: string; readonly conversationId: string },
): ReturnType<JobPorts['readOpening']> {
  let title: string | null = null;
  let isThere = false;
  const opening: ConversationEvent[] = [];
  for await (const { fact } of bus.read(conversationLog, { tokens, untilCaughtUp: true })) {
    if (fact.type === 'conversation.deleted') return undefined;
    isThere = true;
    if (fact.type === 'conversation.created' || fact.type === 'conversation.renamed') {
      title = fact.title;
    }
    if (opening.length < openingEvents) opening.push(fact);
  }
  return isThere ? { title, turns: turnsFromEvents(opening) } : undefined;
}

async function ask(
  bus: Bus,
  caller: SignedCaller,
  question: JobQuestion,
): ReturnType<JobPorts['ask']> {
  const { text, system, conversationId, outputFormat, purpose } = question;
  const needs = { tools: false, vision: false };
  const { decision } = await bus.call(
    decideRoute,
    { text, needs, contextTokens: Math.ceil(system.length / 4) },
    { caller },
  );
  const choice = { provider: decision.provider, model: decision.model };
  let by = choice;
  let answer = '';
  let isSimulated = false;
  const parts = bus.stream(
    streamCompletion,
    {
      candidates: [choice, ...decision.alternatives],
      system,
      turns: [{ role: 'user', content: [{ type: 'text', text }] }],
      conversationId,
      ...(outputFormat === undefined ? {} : { outputFormat }),
      purpose,
    },
    { caller, timeoutMs: 60_000 },
  );
  for await (const part of parts) {
    if (part.type === 'start') {
      by = { provider: part.provider, model: part.model };
      ({ isSimulated } = part);
    }
    if (part.type === 'text') answer += part.text;
    if (part.type === 'error') throw new MosaicError(part.failure.code, part.failure.message);
  }
  return { text: answer, by, isSimulated };
}

/** The queue stores what the bus needs to know whose work this is. */
function signed(caller: JobCaller): SignedCaller {
  const { userId, role, via, token } = caller;
  return { userId, role, token, ...(via === undefined ? {} : { via }) };
}
