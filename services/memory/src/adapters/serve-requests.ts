import {
  type ConversationSummary,
  conversationLog,
  getContext,
  getConversation,
  listConversations,
  listEvents,
  MosaicError,
  type Recalled,
  searchConversations,
  searchPassages,
  sweepRetention,
} from '@mosaic/proto';
import type { Bus, Clock, Logger, Received } from '@mosaic/service-kit';
import type { AppliedWatch } from '../app/await-applied.ts';
import { buildContext, newestQuestion } from '../app/build-context.ts';
import type { ImpersonalQuestions } from '../app/extraction/impersonal-questions.ts';
import { fitPage } from '../app/fit-page.ts';
import type { ConversationKey } from '../app/follow-conversation.ts';
import { readCursor, writeCursor } from '../app/page-cursor.ts';
import { searchTerms } from '../app/search-terms.ts';
import { sweep } from '../app/sweep.ts';
import type { Found } from '../stores/conversations.ts';
import type { Recent } from '../stores/events.ts';
import type { Briefing } from '../stores/memories/standing.ts';
import type { MemoryStore } from '../stores/memory-store.ts';
import type { Recall } from './recall/open-recall.ts';
import { serveExtraction } from './serve-extraction.ts';
import { serveMemories } from './serve-memories.ts';

/** How long a reader waits for the consumer of the log before it reads the log itself. */
const patienceMs = 300;

export interface Serving {
  readonly bus: Bus;
  readonly store: MemoryStore;
  readonly applied: AppliedWatch;
  readonly recall: Recall;
  readonly impersonal: Pick<ImpersonalQuestions, 'has'>;
  /** Applies what the log of a conversation has beyond its rows. */
  readonly catchUp: (key: ConversationKey) => Promise<void>;
  /** Applies now what was delivered of a conversation up to `seq`; false when that is nothing. */
  readonly hurry: (key: ConversationKey, seq: number) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Answers every request that memory serves. The user is always the caller, never from a body. */
export function serveRequests(serving: Serving): void {
  serveConversations(serving);
  serveEvents(serving);
  serveRetention(serving);
  serveMemories(serving);
  const { bus, impersonal, store } = serving;
  const read = (received: Received, want: Parameters<typeof readUpTo>[2]) =>
    readUpTo(serving, received, want);
  serveExtraction({ bus, impersonal, store, readUpTo: read });
}

function serveConversations(serving: Serving): void {
  const { bus, store, recall } = serving;
  bus.handle(listConversations, async ({ limit, cursor, archived, tag }, { caller }) => {
    const after = cursor === undefined ? null : readCursor(cursor);
    const found = await store.listPage(caller.userId, { limit, after, archived, tag });
    const conversations = fitPage(found.slice(0, limit));
    const last = conversations.at(-1);
    const hasMore = found.length > conversations.length && last !== undefined;
    return { conversations: [...conversations], nextCursor: hasMore ? writeCursor(last) : null };
  });

  bus.handle(getConversation, async ({ conversationId, minSeq }, received) => ({
    conversation: await readUpTo(serving, received, { conversationId, minSeq }),
  }));

  bus.handle(searchConversations, async ({ query, limit }, { caller }) => {
    const ranked = await recall.searchMessages(caller.userId, { text: query, limit });
    // Ranking leaves out words that say nothing; a question of nothing else is looked for as it is.
    const hits =
      ranked.length > 0
        ? ranked
        : await store.search(caller.userId, { terms: searchTerms(query), limit });
    return { hits: [...fitPage(hits)] };
  });

  bus.handle(searchPassages, async (query, { caller }) => {
    const { passages, ...reply } = await recall.search(caller.userId, query);
    return { ...reply, passages: [...fitPage(passages)] };
  });
}

function serveEvents(serving: Serving): void {
  const { bus, store } = serving;
  bus.handle(listEvents, async ({ conversationId, ...query }, received) => {
    await readUpTo(serving, received, { conversationId, minSeq: 0 });
    const key = { userId: received.caller.userId, conversationId };
    const { afterSeq, beforeSeq, limit } = query;
    const found = await store.readEvents(key, { afterSeq, beforeSeq, limit: limit + 1 });
    const events = fitPage(found.slice(0, limit));
    const inOrder = beforeSeq === undefined ? [...events] : events.toReversed();
    return { events: inOrder, hasMore: found.length > events.length };
  });

  bus.handle(getContext, async ({ seq, maxTurns, question, ...wish }, received) => {
    const { conversationId } = wish;
    const ask = { userId: received.caller.userId, ...wish };
    // A question that is known is searched for while the rows are read.
    const early = question === undefined ? undefined : recallFor(serving, question, ask);
    const want = { conversationId, minSeq: seq };
    const { conversation, events, standing } =
      maxTurns === 0
        ? { ...(await awaitBriefing(serving, received, want)), events: [] }
        : await awaitRecent(serving, received, { ...want, maxTurns });
    const turns = buildContext(events, maxTurns);
    const mayRecall = conversation?.isIncognito !== true;
    const recalled = mayRecall
      ? await (early ?? recallFor(serving, newestQuestion(turns), ask))
      : [];
    const remembered = { memories: [], standing: [...standing], recalled: [...recalled] };
    return { seq: conversation?.seq ?? 0, turns, ...remembered };
  });
}

interface Reached {
  readonly conversationId: string;
  readonly minSeq: number;
}

/** The history is the caller's own: only what is known of the person is wanted. */
function awaitBriefing(serving: Serving, received: Received, want: Reached): Promise<Briefing> {
  return awaitSeq<Briefing>(serving, received, {
    ...want,
    mayBeNew: true,
    read: serving.store.readBriefing,
    conversationOf: ({ conversation }) => conversation,
  });
}

function awaitRecent(
  serving: Serving,
  received: Received,
  want: Reached & { readonly maxTurns: number },
): Promise<Recent> {
  const { maxTurns, minSeq } = want;
  return awaitSeq<Recent>(serving, received, {
    ...want,
    read: (key) => serving.store.readRecent(key, { minSeq, maxTurns }),
    conversationOf: ({ conversation }) => conversation,
  });
}

const mostRecalled = 12;

/** What belongs to a question from elsewhere; never rejects: no answer fails for a search. */
async function recallFor(
  { recall, log }: Serving,
  text: string,
  ask: { readonly userId: string; readonly conversationId: string; readonly recallTokens: number },
): Promise<readonly Recalled[]> {
  if (text === '' || ask.recallTokens === 0) return [];
  try {
    const { passages } = await recall.search(ask.userId, {
      text,
      limit: mostRecalled,
      tokenBudget: ask.recallTokens,
      exceptConversationId: ask.conversationId,
    });
    return passages;
  } catch (thrown) {
    log.warn({ err: thrown }, 'nothing is recalled: the search failed');
    return [];
  }
}

function serveRetention({ bus, store, clock }: Serving): void {
  const tokensOf = ({ userId, conversationId }: ConversationKey) => ({ userId, conversationId });
  const ports = {
    ...store,
    lastSeq: async (key: ConversationKey) =>
      (await bus.lastOf(conversationLog, tokensOf(key)))?.fact.seq,
    purge: (key: ConversationKey) => bus.purge(conversationLog, tokensOf(key), 0),
  };
  bus.handle(sweepRetention, ({ untouchedSince }) =>
    sweep(ports, { nowMs: clock.now(), untouchedSince }),
  );
}

interface Wanted<Result> extends Reached {
  readonly read: (key: ConversationKey) => Promise<Result>;
  /** Null when it was deleted, undefined when there are no rows of it. */
  readonly conversationOf: (result: Result) => { readonly seq: number } | null | undefined;
  /** The caller knows of it by the log: without rows there is nothing to wait for. */
  readonly mayBeNew?: boolean;
}

/** The caller's conversation once it has reached `minSeq`. Throws not_found, or deadline_exceeded. */
async function readUpTo(
  serving: Serving,
  received: Received,
  want: Reached,
): Promise<ConversationSummary> {
  const { store } = serving;
  const read = { read: store.findConversation, conversationOf: (found: Found) => found };
  const found = await awaitSeq(serving, received, { ...want, ...read });
  if (!found) throw new MosaicError('not_found');
  return found;
}

/** Reads until the conversation has reached the number. Throws not_found, or deadline_exceeded. */
function awaitSeq<Result>(
  { bus, applied, catchUp, hurry }: Serving,
  { caller, signal }: Received,
  want: Wanted<Result>,
): Promise<Result> {
  const key = { userId: caller.userId, conversationId: want.conversationId };
  const missing = new MosaicError('not_found', 'There is no such conversation.');
  const startedMs = performance.now();
  let hasCaughtUp = false;
  const read = async () => {
    const isLate = !hasCaughtUp && performance.now() - startedMs > patienceMs;
    const isOnItsWay = want.minSeq > 0 && (await hurry(key, want.minSeq));
    // The event is on its way as a rule. When it is not (a database restored from a backup is older
    // than what was acknowledged), the log has it.
    if (isLate && !isOnItsWay) {
      hasCaughtUp = true;
      await catchUp(key);
    }
    const result = await want.read(key);
    const conversation = want.conversationOf(result);
    if (conversation === null) throw missing;
    // No rows yet: either they are on their way, or the log of this user has no such conversation.
    if (conversation === undefined && want.minSeq === 0 && want.mayBeNew === true) return result;
    if (conversation === undefined) {
      if ((await bus.lastOf(conversationLog, key)) === undefined) throw missing;
      return undefined;
    }
    return conversation.seq >= want.minSeq ? result : undefined;
  };
  return applied.until(key, read, signal);
}
