import type { Failure } from '../errors.ts';
import type { Cost, Usage } from '../providers/usage.ts';
import type { RouteDecision } from '../router/decision.ts';
import { type Arrangement, unarranged } from './arrangement.ts';
import type { ApprovalAnswer } from './tool-events.ts';

/**
 * A question to a person about one tool call. `withdrawn`: the turn ended or began again before
 * anybody answered.
 */
export interface ApprovalView {
  readonly state: 'waiting' | ApprovalAnswer | 'expired' | 'withdrawn';
  /** What the answer `conversation` allows. */
  readonly covers: string;
  readonly expiresAt: string;
}

/** One piece of an assistant message, in the order in which a person reads it. */
export type MessageBlock =
  | { readonly type: 'text'; readonly step: number; readonly text: string }
  | { readonly type: 'reasoning'; readonly step: number; readonly text: string }
  | {
      readonly type: 'tool';
      readonly step: number;
      readonly callId: string;
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
      readonly output: string | null;
      readonly isError: boolean;
      readonly durationMs: number | null;
      /** Null for a call that needed nobody's leave. */
      readonly approval: ApprovalView | null;
    };
export type ToolBlock = Extract<MessageBlock, { readonly type: 'tool' }>;

export type AnswerStatus = 'routed' | 'streaming' | 'completed' | 'failed' | 'cancelled';

export interface UserMessageView {
  readonly role: 'user';
  readonly id: string;
  readonly text: string;
  readonly at: string;
}

export interface AnswerView {
  readonly role: 'assistant';
  /** The run that writes it. */
  readonly id: string;
  /** The user's message that it answers. */
  readonly messageId: string;
  readonly status: AnswerStatus;
  readonly agent: string;
  /** Null when the turn failed before a model could be chosen; then the names below are empty. */
  readonly decision: RouteDecision | null;
  readonly blocks: readonly MessageBlock[];
  /** Set at the end: who really answered, why, and at what cost. */
  readonly provider: string;
  readonly model: string;
  readonly rule: string;
  readonly reason: string;
  readonly usage: Usage | null;
  readonly cost: Cost | null;
  readonly totalMs: number | null;
  readonly firstTokenMs: number | null;
  readonly isSimulated: boolean;
  readonly failure: Failure | null;
  /** What a person should know of how the model was asked. */
  readonly warnings: readonly string[];
  readonly restarts: number;
}

export type MessageView = UserMessageView | AnswerView;

/** What a person sees of one conversation; made by `foldEvent` and `foldDelta` and nothing else. */
export interface ConversationView extends Arrangement {
  readonly id: string;
  /** Last event applied; what a client names when it reconnects. */
  readonly seq: number;
  readonly title: string | null;
  readonly agent: string;
  /** Pinned model, or null while the router chooses. */
  readonly model: string | null;
  readonly isDeleted: boolean;
  readonly messages: readonly MessageView[];
}

/** The view before any event. */
export function emptyView(id: string): ConversationView {
  return {
    id,
    seq: 0,
    title: null,
    agent: 'assistant',
    model: null,
    ...unarranged,
    isDeleted: false,
    messages: [],
  };
}

/** The whole visible text of an answer, its steps joined by blank lines. */
export function answerText(answer: AnswerView): string {
  return answer.blocks
    .flatMap((block) => (block.type === 'text' && block.text !== '' ? [block.text] : []))
    .join('\n\n');
}

/** The calls that wait for a person, oldest first. */
export function waitingApprovals(view: ConversationView): readonly ToolBlock[] {
  return view.messages.flatMap((message) =>
    message.role === 'user'
      ? []
      : message.blocks.filter(
          (block): block is ToolBlock =>
            block.type === 'tool' && block.approval?.state === 'waiting',
        ),
  );
}
