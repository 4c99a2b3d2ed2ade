import {
  type ConversationEvent,
  forkConversation,
  importConversation,
  MosaicError,
  type RequestOf,
} from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';
import { type DatedDraft, forkTurns } from '../../app/copies/fork-turns.ts';
import { importedTurns } from '../../app/copies/imported-turns.ts';
import type { TurnLog } from '../../app/ports.ts';
import type { ConversationLogs } from '../logs/conversation-logs.ts';

/** Answers for conversations that begin with turns from elsewhere; they go through the log as all do. */
export function serveCopies(bus: Bus, logs: ConversationLogs): void {
  bus.handle(forkConversation, (request, { caller }) => fork(logs, caller, request));
  bus.handle(importConversation, (request, { caller }) => importTurns(logs, caller, request));
}

async function fork(
  logs: ConversationLogs,
  caller: SignedCaller,
  request: RequestOf<typeof forkConversation>,
): Promise<{ event: ConversationEvent; seq: number }> {
  const { conversationId, forkId, upTo } = request;
  const { state } = await logs.open(caller, conversationId);
  if (state.seq === 0 || state.isDeleted) throw new MosaicError('not_found');
  const events = await logs.read(caller, conversationId);
  const log = await logs.open(caller, forkId);
  const begun = log.state.created?.forkOf;
  if (log.state.seq > 0 && begun?.conversationId !== conversationId) throw taken();
  // Asked again, the fork has what there was when it was asked for first.
  const seenThen = begun === undefined ? events : events.filter((one) => one.seq <= begun.seq);
  const { seq, turns } = forkTurns(seenThen, upTo);
  const { agent, isIncognito, model, title } = headOf(events);
  const created = {
    type: 'conversation.created' as const,
    title: title === null ? null : `${title.slice(0, 190)} (fork)`,
    agent,
    model,
    ...(isIncognito ? { isIncognito } : {}),
    forkOf: { conversationId, seq },
  };
  if (log.state.seq === 0) await log.append(created, assertLength(0));
  await appendRest(log, await logs.read(caller, forkId), turns);
  const event = log.state.created;
  if (event === undefined) throw taken();
  return { event, seq: log.state.seq };
}

function headOf(events: readonly ConversationEvent[]) {
  const head = { title: null as string | null, agent: 'assistant', isIncognito: false };
  let model: string | null = null;
  for (const event of events) {
    if (event.type === 'conversation.created') {
      Object.assign(head, { title: event.title, agent: event.agent });
      head.isIncognito = event.isIncognito ?? false;
      model = event.model;
    }
    if (event.type === 'conversation.renamed') head.title = event.title;
    if (event.type === 'conversation.agent-changed') head.agent = event.agent;
    if (event.type === 'conversation.model-pinned') model = event.model;
    if (event.type === 'conversation.arranged') {
      head.isIncognito = event.isIncognito ?? head.isIncognito;
    }
  }
  return { ...head, model };
}

/**
 * Adds those turns that an earlier attempt did not get to. A fork in which somebody talks already is
 * whole or stays as it is.
 */
async function appendRest(
  log: TurnLog,
  there: readonly ConversationEvent[],
  turns: readonly DatedDraft[],
): Promise<void> {
  const copied = there.slice(1);
  const isBeginning = copied.every((event, index) => event.type === turns[index]?.draft.type);
  if (!isBeginning) return;
  for (const { atMs, draft } of turns.slice(copied.length)) {
    await log.append(draft, assertLength(log.state.seq), atMs);
  }
}

async function importTurns(
  logs: ConversationLogs,
  caller: SignedCaller,
  request: RequestOf<typeof importConversation>,
): Promise<{ added: number; seq: number }> {
  const { conversationId, createdAt, importedFrom, messages, title } = request;
  const log = await logs.open(caller, conversationId);
  const { created, isDeleted, seq } = log.state;
  if (isDeleted) throw new MosaicError('conflict', 'It was imported before and deleted here.');
  if (seq > 0 && created?.importedFrom === undefined) throw taken();
  if (seq === 0) {
    const named = { title, agent: 'assistant', model: null, importedFrom };
    const draft = { type: 'conversation.created' as const, ...named };
    await log.append(draft, assertLength(0), Date.parse(createdAt));
  }
  const events = await logs.read(caller, conversationId);
  const question = events.findLast((event) => event.type === 'message.added')?.messageId;
  const turns = importedTurns(messages, { importedFrom, known: idsOf(events), question });
  for (const { atMs, draft } of turns) await log.append(draft, assertLength(log.state.seq), atMs);
  return { added: turns.length, seq: log.state.seq };
}

function idsOf(events: readonly ConversationEvent[]): ReadonlySet<string> {
  return new Set(
    events.flatMap((event) => {
      if (event.type === 'message.added') return [event.messageId];
      return event.type === 'turn.completed' ? [event.run] : [];
    }),
  );
}

/** Turns of two requests at once would stand among each other: the later one is refused. */
function assertLength(seq: number): (state: { readonly seq: number }) => void {
  return (state) => {
    if (state.seq !== seq) throw new MosaicError('conflict');
  };
}

function taken(): MosaicError {
  return new MosaicError('conflict', 'Another conversation has this id.');
}
