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
  for (const event of events) {
    if ('run' in event && event.type !== 'turn.restarted' && abandoned.has(event.run)) continue;
    switch (event.type) {
      case 'message.added':
        turns.push({ role: 'user', content: [{ type: 'text', text: event.text }] });
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
        break;
      default:
        break;
    }
  }
  return turns;
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
