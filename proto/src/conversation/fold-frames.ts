import type { RouteDecision } from '../router/decision.ts';
import { arrange } from './arrangement.ts';
import type { ConversationEvent, EventOfType } from './events.ts';
import { foldToolEvent, putBlock, withdrawApprovals } from './fold-tools.ts';
import type { LiveDelta } from './live.ts';
import type { AnswerView, ConversationView, MessageView } from './view.ts';

type EndOfTurn = EventOfType<'turn.completed' | 'turn.failed' | 'turn.cancelled'>;

/**
 * Applies one event of the log to what a person sees. Pure and idempotent: an event already applied
 * changes nothing, and an event that would leave a gap is not applied (see `findGap`), so
 * at-least-once delivery shows everything exactly once.
 */
export function foldEvent(view: ConversationView, event: ConversationEvent): ConversationView {
  if (event.seq !== view.seq + 1) return view;
  return { ...applyEvent(view, event), seq: event.seq };
}

/** The sequence after which events are missing when `event` can't be applied yet, else null. */
export function findGap(view: ConversationView, event: ConversationEvent): number | null {
  return event.seq > view.seq + 1 ? view.seq : null;
}

/**
 * Applies a delta of a running turn. A delta of an unknown or ended run changes nothing; one that
 * overlaps what is shown adds only its new tail; one beyond what is shown is left out, because the
 * final event brings the whole text.
 */
export function foldDelta(view: ConversationView, delta: LiveDelta): ConversationView {
  return updateAnswer(view, delta.run, (answer) => {
    if (answer.status !== 'routed' && answer.status !== 'streaming') return answer;
    const shown = answer.blocks.find(
      (block) => block.type === delta.kind && block.step === delta.step,
    );
    const text = shown !== undefined && 'text' in shown ? shown.text : '';
    const fresh = delta.text.slice(Math.max(0, text.length - delta.offset));
    if (delta.offset > text.length || fresh === '') return answer;
    const block = { type: delta.kind, step: delta.step, text: text + fresh };
    return { ...answer, status: 'streaming', blocks: putBlock(answer.blocks, block) };
  });
}

function applyEvent(view: ConversationView, event: ConversationEvent): ConversationView {
  switch (event.type) {
    case 'conversation.created':
      return {
        ...view,
        title: event.title,
        agent: event.agent,
        model: event.model,
        isIncognito: event.isIncognito ?? false,
      };
    case 'conversation.renamed':
      return { ...view, title: event.title };
    case 'conversation.agent-changed':
      return { ...view, agent: event.agent };
    case 'conversation.model-pinned':
      return { ...view, model: event.model };
    case 'conversation.arranged':
      return { ...view, ...arrange(view, event) };
    case 'conversation.deleted':
      return { ...view, isDeleted: true, messages: [] };
    case 'message.added':
      return addMessage(view, {
        role: 'user',
        id: event.messageId,
        text: event.text,
        at: event.at,
      });
    case 'turn.routed':
      return addMessage(view, startAnswer(view, event));
    case 'turn.restarted':
      return restartAnswer(view, event);
    case 'tool.called':
    case 'tool.finished':
    case 'approval.asked':
    case 'approval.answered':
    case 'approval.expired':
      return updateAnswer(view, event.run, (answer) => ({
        ...answer,
        ...foldToolEvent(answer, event),
      }));
    case 'turn.completed':
    case 'turn.failed':
    case 'turn.cancelled':
      return updateAnswer(withAnswer(view, event), event.run, (answer) => endAnswer(answer, event));
    default:
      return event satisfies never;
  }
}

function addMessage(view: ConversationView, message: MessageView): ConversationView {
  const others = view.messages.filter((shown) => shown.id !== message.id);
  return { ...view, messages: [...others, message] };
}

function updateAnswer(
  view: ConversationView,
  run: string,
  change: (answer: AnswerView) => AnswerView,
): ConversationView {
  const index = view.messages.findLastIndex((message) => message.id === run);
  const answer = view.messages[index];
  if (answer?.role !== 'assistant') return view;
  const changed = change(answer);
  return changed === answer ? view : { ...view, messages: view.messages.with(index, changed) };
}

/** A turn can end before it was routed (no model was to be had); it must be seen all the same. */
function withAnswer(view: ConversationView, event: EndOfTurn): ConversationView {
  if (view.messages.some((message) => message.id === event.run)) return view;
  const { run, messageId } = event;
  return addMessage(view, startAnswer(view, { run, messageId, agent: view.agent, decision: null }));
}

function startAnswer(
  view: ConversationView,
  start: Pick<EventOfType<'turn.routed'>, 'run' | 'messageId' | 'agent'> & {
    readonly decision: RouteDecision | null;
  },
): AnswerView {
  const { decision } = start;
  const earlier = view.messages.find((message) => message.id === start.run);
  return {
    role: 'assistant',
    id: start.run,
    messageId: start.messageId,
    status: 'routed',
    agent: start.agent,
    decision,
    blocks: [],
    provider: decision?.provider ?? '',
    model: decision?.model ?? '',
    rule: decision?.rule ?? '',
    reason: decision?.reason ?? '',
    usage: null,
    cost: null,
    totalMs: null,
    firstTokenMs: null,
    isSimulated: false,
    failure: null,
    warnings: [],
    restarts: earlier?.role === 'assistant' ? earlier.restarts : 0,
  };
}

/** The old run's half answer goes; the new run writes in its place. */
function restartAnswer(
  view: ConversationView,
  event: EventOfType<'turn.restarted'>,
): ConversationView {
  return updateAnswer(view, event.previousRun, (answer) => ({
    ...answer,
    id: event.run,
    status: 'routed',
    blocks: [],
    restarts: answer.restarts + 1,
  }));
}

function endAnswer(
  answer: AnswerView,
  event: EventOfType<'turn.completed'> | EventOfType<'turn.failed'> | EventOfType<'turn.cancelled'>,
): AnswerView {
  const asked = withdrawApprovals(answer.blocks);
  const blocks =
    event.text === ''
      ? asked
      : putBlock(asked, { type: 'text', step: event.step, text: event.text });
  const ended = {
    ...answer,
    blocks,
    usage: event.usage,
    cost: event.cost,
    totalMs: event.timings.totalMs,
    firstTokenMs: event.timings.firstTokenMs,
    isSimulated: event.isSimulated,
    warnings: event.warnings ?? [],
  };
  if (event.type === 'turn.cancelled') return { ...ended, status: 'cancelled' };
  if (event.type === 'turn.failed') return { ...ended, status: 'failed', failure: event.failure };
  const { provider, model, rule, reason } = event;
  return { ...ended, status: 'completed', provider, model, rule, reason };
}
