import type { decideRoute, JudgeWord, Latency, RequestOf, TaskProfile } from '@mosaic/proto';
import type { NearExemplar } from '../learning/near-exemplar.ts';
import type { CandidateCard } from '../model-catalogue.ts';
import type { NameBook } from './expand-name.ts';
import type { WalkedRule } from './walk-rules.ts';

export type RouteRequest = RequestOf<typeof decideRoute>;

/** Who asks, as far as rules may look at it. */
export interface AskingCaller {
  readonly userId: string;
  readonly via?: string | undefined;
}

/** What is known besides the question when a model is chosen. */
export interface ChoosingWorld {
  readonly cards: readonly CandidateCard[];
  /** In the order in which they are asked. */
  readonly rules: readonly WalkedRule[];
  /** What tiers and agents stand for. */
  readonly book: NameBook;
  readonly policyVersion: string;
  readonly caller?: AskingCaller | undefined;
  /** Hours and minutes where the person is. */
  readonly timeOfDay?: string | undefined;
  /** US dollars that the person may still spend today; undefined without a budget. */
  readonly budgetLeftUsd?: number | undefined;
  /** How long a model's calls took lately. */
  readonly latencyOf?: (card: CandidateCard) => Latency | null;
  /** Counts microseconds, for the record of where the time went. */
  readonly nowUs?: (() => number) | undefined;
}

/** One decision that is being made: the question, what it was taken for, and the world. */
export interface Deciding {
  readonly question: RouteRequest;
  readonly profile: TaskProfile;
  /** The exemplar that the profile was changed by. */
  readonly near: NearExemplar | undefined;
  /** What somebody else said of it, because the router was not sure. */
  readonly judge: JudgeWord | undefined;
  readonly followsUp: boolean;
  readonly modelVersion: string;
  readonly world: ChoosingWorld;
}
