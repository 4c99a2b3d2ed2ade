import { createHash } from 'node:crypto';
import type { ApprovalAnswer, ConversationEvent, EventOfType } from '@mosaic/proto';

interface Answered {
  readonly answer: ApprovalAnswer;
  readonly by: string;
  readonly via?: string;
}

/** A question about one call whose result is not in the log yet. */
export interface Approval {
  readonly run: string;
  readonly messageId: string;
  readonly covers: string;
  readonly expiresAtMs: number;
  /** The same for every call of the same tool with the same arguments. */
  readonly fingerprint: string;
  readonly state: 'waiting' | 'expired' | Answered;
  /** What a person said to the same call of a run that broke off before it was made. */
  readonly earlier: Answered | undefined;
}

export interface Approvals {
  /** By the id of the call. */
  readonly open: ReadonlyMap<string, Approval>;
  /** What persons allowed for the rest of the conversation, by what it covers. */
  readonly standing: ReadonlyMap<string, Answered>;
}

export const noApprovals: Approvals = { open: new Map(), standing: new Map() };

type Turns = ReadonlyMap<string, { readonly run: string | null }>;

/** What is known about approvals after one more event; `turns` as they are after it. */
export function foldApproval(
  approvals: Approvals,
  event: ConversationEvent,
  turns: Turns,
): Approvals {
  switch (event.type) {
    case 'approval.asked':
      return ask(approvals, event, turns);
    case 'approval.answered':
      return answer(approvals, event);
    case 'approval.expired':
      return decide(approvals, event, 'expired');
    case 'tool.finished':
      return without(approvals, ({ run }, callId) => run === event.run && callId === event.callId);
    case 'turn.restarted':
      return without(
        approvals,
        ({ run, state }) => run === event.previousRun && typeof state === 'string',
      );
    case 'turn.completed':
    case 'turn.failed':
    case 'turn.cancelled':
      return without(approvals, ({ messageId }) => messageId === event.messageId);
    default:
      return approvals;
  }
}

/** A digest: the state of a conversation holds no texts. */
function fingerprintOf(tool: string, given: Readonly<Record<string, unknown>>): string {
  return createHash('sha256')
    .update(JSON.stringify([tool, sortKeys(given)]))
    .digest('base64');
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return entries.map(([key, inner]) => [key, sortKeys(inner)]);
}

function ask(
  { open, standing }: Approvals,
  event: EventOfType<'approval.asked'>,
  turns: Turns,
): Approvals {
  const { run, callId, covers } = event;
  const messageId = [...turns].find(([, turn]) => turn.run === run)?.[0] ?? '';
  const fingerprint = fingerprintOf(event.tool, event.arguments);
  const before = [...open].find(
    ([, one]) => one.run !== run && one.messageId === messageId && one.fingerprint === fingerprint,
  );
  const next = new Map(open);
  if (before !== undefined) next.delete(before[0]);
  const said = before?.[1].state;
  next.set(callId, {
    run,
    messageId,
    covers,
    expiresAtMs: Date.parse(event.expiresAt),
    fingerprint,
    state: 'waiting',
    earlier: typeof said === 'object' ? said : undefined,
  });
  return { standing, open: next };
}

function answer(approvals: Approvals, event: EventOfType<'approval.answered'>): Approvals {
  const { by, via } = event;
  const answered = { answer: event.answer, by, ...(via !== undefined && { via }) };
  const asked = approvals.open.get(event.callId);
  const { open, standing } = decide(approvals, event, answered);
  const isNews = asked?.run === event.run && asked.state === 'waiting';
  if (answered.answer !== 'conversation' || !isNews) return { open, standing };
  return { open, standing: new Map(standing).set(asked.covers, answered) };
}

/** The first decision counts. */
function decide(
  { open, standing }: Approvals,
  event: { readonly run: string; readonly callId: string },
  state: Approval['state'],
): Approvals {
  const asked = open.get(event.callId);
  if (asked?.run !== event.run || asked.state !== 'waiting') return { open, standing };
  return { standing, open: new Map(open).set(event.callId, { ...asked, state }) };
}

function without(
  approvals: Approvals,
  isOver: (approval: Approval, callId: string) => boolean,
): Approvals {
  const rest = [...approvals.open].filter(([callId, one]) => !isOver(one, callId));
  return rest.length === approvals.open.size ? approvals : { ...approvals, open: new Map(rest) };
}
