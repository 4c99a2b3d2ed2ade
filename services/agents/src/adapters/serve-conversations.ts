import {
  type ConversationEvent,
  createConversation,
  deleteConversation,
  MosaicError,
  type RequestOf,
  updateConversation,
} from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';
import type { TurnLog } from '../app/ports.ts';
import type { AgentBook } from './agents/agent-book.ts';
import { serveCopies } from './copies/serve-copies.ts';
import type { ConversationLogs } from './logs/conversation-logs.ts';

/** What it takes to change conversations. */
export interface ConversationServing {
  readonly bus: Bus;
  readonly logs: ConversationLogs;
  readonly book: AgentBook;
}

/** Answers for the changes of a conversation that are not messages. */
export function serveConversations(serving: ConversationServing): void {
  const { bus, logs } = serving;
  bus.handle(createConversation, (request, { caller }) => create(serving, caller, request));
  bus.handle(updateConversation, (request, { caller }) => update(serving, caller, request));
  serveCopies(bus, logs);
  bus.handle(deleteConversation, async ({ conversationId }, { caller }) => {
    const log = await openExisting(logs, caller, conversationId);
    await log.append({ type: 'conversation.deleted' }, assertExists);
    return { isDeleted: true };
  });
}

async function create(
  { book, logs }: ConversationServing,
  caller: SignedCaller,
  request: RequestOf<typeof createConversation>,
): Promise<{ event: ConversationEvent }> {
  const { conversationId, title, model, channel } = request;
  const log = await logs.open(caller, conversationId);
  if (log.state.isDeleted) throw new MosaicError('conflict', 'This conversation was deleted.');
  const { created } = log.state;
  if (created !== undefined) return { event: created };
  const agent = (await book.find(caller, request.agent ?? 'assistant')).name;
  const named = {
    ...(channel === undefined ? {} : { channel }),
    ...(request.isIncognito === true ? { isIncognito: true } : {}),
  };
  const draft = { type: 'conversation.created' as const, title, agent, model, ...named };
  try {
    return { event: await log.append(draft, assertUnused) };
  } catch (thrown) {
    const { created: byOther, isDeleted } = log.state;
    if (byOther === undefined || isDeleted) throw thrown;
    return { event: byOther };
  }
}

/** Two wishes to create the same conversation may come at once; the second reads what the first wrote. */
function assertUnused(state: { readonly seq: number }): void {
  if (state.seq !== 0) throw new MosaicError('conflict');
}

async function update(
  { book, logs }: ConversationServing,
  caller: SignedCaller,
  request: RequestOf<typeof updateConversation>,
): Promise<{ events: ConversationEvent[] }> {
  const log = await openExisting(logs, caller, request.conversationId);
  const { title, agent, model, by } = request;
  const events: ConversationEvent[] = [];
  if (agent !== undefined) {
    const found = (await book.find(caller, agent)).name;
    events.push(
      await log.append({ type: 'conversation.agent-changed', agent: found }, assertExists),
    );
  }
  if (model !== undefined) {
    events.push(await log.append({ type: 'conversation.model-pinned', model }, assertExists));
  }
  const { effort, temperature } = request;
  if (effort !== undefined || temperature !== undefined) {
    const { tuned } = log.state;
    const draft = {
      type: 'conversation.tuned' as const,
      temperature: temperature === undefined ? tuned.temperature : temperature,
      effort: effort === undefined ? tuned.effort : effort,
    };
    events.push(await log.append(draft, assertExists));
  }
  if (title !== undefined && (by === 'user' || log.state.titledBy !== 'user')) {
    events.push(await log.append({ type: 'conversation.renamed', title, by }, assertExists));
  }
  const { isArchived, isIncognito, isPinned, tags } = request;
  const arranged = {
    ...(isArchived === undefined ? {} : { isArchived }),
    ...(isIncognito === undefined ? {} : { isIncognito }),
    ...(isPinned === undefined ? {} : { isPinned }),
    ...(tags === undefined ? {} : { tags }),
  };
  if (Object.keys(arranged).length > 0) {
    events.push(await log.append({ type: 'conversation.arranged', ...arranged }, assertExists));
  }
  return { events };
}

async function openExisting(
  logs: ConversationLogs,
  caller: SignedCaller,
  conversationId: string,
): Promise<TurnLog> {
  const log = await logs.open(caller, conversationId);
  assertExists(log.state);
  return log;
}

function assertExists(state: { readonly seq: number; readonly isDeleted: boolean }): void {
  if (state.seq === 0 || state.isDeleted) {
    throw new MosaicError('not_found', 'There is no such conversation, or it is not yours.');
  }
}
