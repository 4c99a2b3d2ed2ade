import type {
  Agent,
  CompletionPart,
  ConversationEvent,
  ModelRef,
  RouteDecision,
  ToolCall,
  ToolResult,
  ToolSpec,
  Turn,
} from '@mosaic/proto';
import type { ConversationState, EventDraft } from './conversation-state.ts';
import type { WhatCameBefore } from './routing/what-came-before.ts';

/** The conversation's log, held open by the one worker that runs its turn. */
export interface TurnLog {
  readonly state: ConversationState;
  /**
   * Appends the next event. Somebody else's event in between is read first; `stillMine` is asked
   * again then, and its throwing ends the turn without a trace.
   */
  append(
    draft: EventDraft,
    stillMine?: (state: ConversationState) => void,
  ): Promise<ConversationEvent>;
}

export interface RouteQuestion extends WhatCameBefore {
  readonly text: string;
  readonly messageModel: string | undefined;
  readonly pinnedModel: string | null;
  readonly agent: Agent;
  readonly previous?: ModelRef;
  readonly contextTokens: number;
  readonly timeZone?: string;
  readonly signal: AbortSignal;
}

export interface CompletionQuestion {
  /** Name of the agent that asks, for the ledger. */
  readonly agent: string;
  readonly candidates: readonly ModelRef[];
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolSpec[];
  /** What the rule that decided asks of the model. */
  readonly params: RouteDecision['params'];
  readonly signal: AbortSignal;
}

/** Everything outside that a turn needs; adapters give it, tests give their own. */
export interface TurnPorts {
  readonly log: TurnLog;
  readonly nowMs: () => number;
  readonly makeId: () => string;
  /** Real turns for the model, from memory or, when memory is away, from the log itself. */
  loadTurns(state: ConversationState, signal: AbortSignal): Promise<Turn[]>;
  decide(question: RouteQuestion): Promise<RouteDecision>;
  complete(question: CompletionQuestion): AsyncIterable<CompletionPart>;
  toolSpecs(names: readonly string[]): ToolSpec[];
  runTool(call: ToolCall, signal: AbortSignal): Promise<ToolResult>;
  /** Shows a piece of the answer to whoever is watching; may be lost. */
  show(piece: {
    readonly run: string;
    readonly step: number;
    readonly kind: 'text' | 'reasoning';
    readonly text: string;
  }): void;
}
