import type {
  Agent,
  CompletionPart,
  ConversationEvent,
  Effort,
  ModelRef,
  RouteDecision,
  ToolCall,
  ToolGrant,
  ToolOutcome,
  ToolSpec,
  Turn,
} from '@mosaic/proto';
import type { Remembered } from './context/stored-block.ts';
import type { ConversationState, EventDraft } from './conversation-state.ts';
import type { LimitsInForce } from './limits/turn-limits.ts';
import type { WhatCameBefore } from './routing/what-came-before.ts';
import type { StandingChoices } from './settings/standing-choices.ts';

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
  /** Everything that `state` was folded from, oldest first. */
  events(): Promise<readonly ConversationEvent[]>;
  /** Reads what others wrote meanwhile. */
  refresh(): Promise<void>;
  /** Reads on until the log has come so far. Throws the signal's reason, or `service_lost`. */
  until(isReached: (state: ConversationState) => boolean, signal: AbortSignal): Promise<void>;
}

/** What came of a tool that was let through. */
export interface ToolRun {
  readonly output: string;
  readonly outcome: Extract<ToolOutcome, 'ran' | 'failed' | 'timed-out' | 'stopped' | 'refused'>;
}

export interface RouteQuestion extends WhatCameBefore {
  readonly text: string;
  readonly messageModel: string | undefined;
  readonly pinnedModel: string | null;
  /** The person's standing choice. */
  readonly preferredModel: string | null;
  readonly agent: Agent | undefined;
  readonly previous?: ModelRef | undefined;
  readonly contextTokens: number;
  readonly timeZone?: string;
  /** Whether a model may be asked what the message is: once a turn. */
  readonly mayAskJudge?: boolean;
  /** What the turn may still cost. */
  readonly usdLeft: number | undefined;
  readonly signal: AbortSignal;
}

/** How the model is asked beside the words. */
export interface CompletionParams {
  readonly temperature?: number | undefined;
  readonly effort?: Effort | undefined;
  readonly maxOutputTokens?: number | undefined;
}

export interface CompletionQuestion {
  /** Name of the agent that asks, for the ledger; null when it is nobody's. */
  readonly agent: string | null;
  readonly purpose?: 'turn' | 'summary';
  readonly candidates: readonly ModelRef[];
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolSpec[];
  readonly params: CompletionParams;
  readonly signal: AbortSignal;
}

/** What the installation says where nobody else does. */
export interface PlatformSettings {
  readonly temperature: number | null;
  readonly effort: Effort | null;
  readonly limits: LimitsInForce;
}

/** An agent, and what the person who talks to it always wants. */
export interface TurnPerson {
  readonly agent: Agent;
  readonly preferences: StandingChoices;
}

export interface TimeLimit {
  readonly signal: AbortSignal;
  clear(): void;
  /** Time does not count until the returned function is called, once, or that of another who holds it. */
  hold(): () => void;
}

/** Everything outside that a turn needs; adapters give it, tests give their own. */
export interface TurnPorts {
  readonly log: TurnLog;
  readonly platform: PlatformSettings;
  readonly nowMs: () => number;
  readonly makeId: () => string;
  /** Aborts after so long with `deadline_exceeded` and the sentence; `clear` when it is not needed. */
  timeLimit(ms: number, sentence: string): TimeLimit;
  /** An agent of the person by name. Throws unknown_agent, or service_unavailable. */
  findPerson(agentName: string, signal: AbortSignal): Promise<TurnPerson>;
  /**
   * What is known of the person that belongs to their words; nothing when memory is away. `afterSeq`:
   * what they asked to remember up to this event is among it.
   */
  remember(
    wish: { readonly text: string; readonly afterSeq: number },
    signal: AbortSignal,
  ): Promise<Remembered>;
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
