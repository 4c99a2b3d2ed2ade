import type { ConversationEvent } from '@mosaic/proto';

type WithoutPlace<Event> = Event extends unknown
  ? Omit<Event, 'conversationId' | 'seq' | 'at'>
  : never;
/** An event before it has its place in a conversation. */
export type EventDraft = WithoutPlace<ConversationEvent>;

const answered = {
  step: 0,
  usage: null,
  cost: { usd: null, source: 'unknown' },
  timings: { firstTokenMs: 1, totalMs: 2 },
  isSimulated: false,
} as const;

export function created(title: string | null = null): EventDraft {
  return { type: 'conversation.created', title, agent: 'assistant', model: null };
}

export function asked(messageId: string, text: string): EventDraft {
  return { type: 'message.added', messageId, text };
}

export function completed(run: string, messageId: string, text: string): EventDraft {
  return {
    ...answered,
    type: 'turn.completed',
    run,
    messageId,
    text,
    provider: 'anthropic',
    model: 'claude-sonnet-4.6',
    rule: 'conversation',
    reason: 'because',
    stop: { unified: 'stop', raw: null },
  };
}

export function toolCalled(run: string, callId: string, text = ''): EventDraft {
  return { type: 'tool.called', run, step: 0, callId, name: 'clock', arguments: {}, text };
}

export function toolFinished(run: string, callId: string, output: string): EventDraft {
  const done = { output, isError: false, durationMs: 1 };
  return { type: 'tool.finished', run, step: 0, callId, name: 'clock', ...done };
}
