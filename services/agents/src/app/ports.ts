import type {
  Agent,
  CompletionPart,
  ConversationEvent,
  ModelRef,
  RouteDecision,
  ToolCall,
  ToolGrant,
  ToolOutcome,
  ToolSpec,
  Turn,
} from '@mosaic/proto';
import type { ConversationState, EventDraft } from './conversation-state.ts';

/** The conversation's log, held open by the one worker that runs its turn. */
export interface TurnLog {
  readonly state: ConversationState;
  /**
   * Appends the next event. Somebody else's event in between is read first; `stillMine` is asked
   * again then, and its throwing ends the turn without a trace. `atMs` is for what happened earlier
   * and elsewhere; now when left out.
   */
  append(
    draft: EventDraft,
    stillMine?: (state: ConversationState) => void,
    atMs?: number,
  ): Promise<ConversationEvent>;
  /** Reads on until the log has come so far. Throws the signal's reason, or `service_lost`. */
  until(isReached: (state: ConversationState) => boolean, signal: AbortSignal): Promise<void>;
}

/** What came of a tool that was let through. */
export interface ToolRun {
  readonly output: string;
  readonly outcome: Extract<ToolOutcome, 'ran' | 'failed' | 'timed-out' | 'stopped' | 'refused'>;
}

export interface RouteQuestion {
  readonly text: string;
  readonly messageModel: string | undefined;
  readonly pinnedModel: string | null;
  readonly agent: Agent;
  readonly previous: ModelRef | undefined;
  readonly contextTokens: number;
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
  /** The tools that a list could let through, as a model sees them. */
  toolSpecs(grants: readonly ToolGrant[]): ToolSpec[];
  /** Whether no other call of the step may run at the same time. */
  runsAlone(name: string): boolean;
  /** Never throws: what went wrong is said to the model. */
  runTool(call: ToolCall, signal: AbortSignal): Promise<ToolRun>;
  /** How long a call waits for a person before it counts as denied. */
  readonly approvalTimeoutMs: number;
  /** Shows a piece of the answer to whoever is watching; may be lost. */
  show(piece: {
    readonly run: string;
    readonly step: number;
    readonly kind: 'text' | 'reasoning';
    readonly text: string;
  }): void;
}
