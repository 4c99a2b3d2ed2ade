import type { ModelRef } from '../providers/model-ref.ts';
import type { Thought, ToolCall, Turn } from '../providers/turns.ts';
import type { ConversationEvent, EventOfType } from './events.ts';

/**
 * Rebuilds the real turns of a conversation (roles, tool calls, tool results) from its log.
 * Partial answers of failed or cancelled turns stay, so that the model knows what the person saw;
 * steps of a run that was restarted are dropped, because the new run answers again.
 * Same events, same turns: `agents` and `memory` both use it, so history never depends on who built it.
 */
export function turnsFromEvents(events: readonly ConversationEvent[]): Turn[] {
  const abandoned = new Set(
    events.flatMap((event) => (event.type === 'turn.restarted' ? [event.previousRun] : [])),
  );
  const answeredBy = new Map<string, ModelRef>();
  const turns: Turn[] = [];
  /** Messages that joined a run, until it puts them before its model. */
  const joined = new Map<string, EventOfType<'message.added'>>();
  for (const event of events) {
    if ('run' in event && event.type !== 'turn.restarted' && abandoned.has(event.run)) continue;
    switch (event.type) {
      case 'message.added':
        if (event.joins !== undefined && !abandoned.has(event.joins)) {
          joined.set(event.messageId, event);
        } else {
          turns.push(userTurn(event));
        }
        break;
      case 'turn.steered':
        addText(turns, event, event.by ?? answeredBy.get(event.run));
        for (const messageId of event.messageIds) takeOut(joined, messageId, turns);
        break;
      case 'turn.routed':
        answeredBy.set(event.run, {
          provider: event.decision.provider,
          model: event.decision.model,
        });
        break;
      case 'tool.called':
        addToolCall(turns, event, event.by ?? answeredBy.get(event.run));
        break;
      case 'tool.finished':
        addToolResult(turns, event);
        break;
      case 'turn.completed':
        addText(turns, event, { provider: event.provider, model: event.model });
        break;
      case 'turn.failed':
      case 'turn.cancelled':
        addText(turns, event, event.by ?? answeredBy.get(event.run));
        // What the run ended without: the model shall know of it all the same.
        for (const messageId of joined.keys()) takeOut(joined, messageId, turns);
        break;
      default:
        break;
    }
  }
  for (const messageId of joined.keys()) takeOut(joined, messageId, turns);
  return turns;
}

function userTurn({ text }: EventOfType<'message.added'>): Turn {
  return { role: 'user', content: [{ type: 'text', text }] };
}

function takeOut(
  joined: Map<string, EventOfType<'message.added'>>,
  messageId: string,
  turns: Turn[],
): void {
  const message = joined.get(messageId);
  if (message !== undefined) turns.push(userTurn(message));
  joined.delete(messageId);
}

function addText(
  turns: Turn[],
  { text, thoughts }: Pick<EventOfType<'turn.completed'>, 'text' | 'thoughts'>,
  by: ModelRef | undefined,
): void {
  if (text === '') return;
  const content = [...toReasoning(thoughts), { type: 'text' as const, text }];
  turns.push({ role: 'assistant', content, ...(by ? { by } : {}) });
}

function toReasoning(thoughts: readonly Thought[] = []) {
  return thoughts.map((thought) => ({ type: 'reasoning' as const, ...thought }));
}

/** Calls of one step share one assistant turn; the first call of a step opens it. */
function addToolCall(
  turns: Turn[],
  event: EventOfType<'tool.called'>,
  by: ModelRef | undefined,
): void {
  const call: ToolCall = { id: event.callId, name: event.name, arguments: event.arguments };
  const last = turns.at(-1);
  if (last?.role === 'assistant' && last.content.some((part) => part.type === 'tool-call')) {
    last.content.push({ type: 'tool-call', ...call });
    return;
  }
  turns.push({
    role: 'assistant',
    content: [
      ...toReasoning(event.thoughts),
      ...(event.text === '' ? [] : [{ type: 'text' as const, text: event.text }]),
      { type: 'tool-call', ...call },
    ],
    ...(by ? { by } : {}),
  });
}

function addToolResult(turns: Turn[], event: EventOfType<'tool.finished'>): void {
  const result = {
    callId: event.callId,
    name: event.name,
    output: event.output,
    isError: event.isError,
  };
  const last = turns.at(-1);
  if (last?.role === 'tool') last.results.push(result);
  else turns.push({ role: 'tool', results: [result] });
}
