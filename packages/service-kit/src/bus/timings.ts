/** Every time span the bus keeps, in milliseconds, in one place; tests give shorter ones. */
export interface BusTimings {
  /** Longest wait for the first connection. */
  readonly connectMs: number;
  /**
   * After a lost connection is back, other services may need so long to be back too: until then a
   * question that nobody heard is asked again.
   */
  readonly settleMs: number;
  /** Deadline of a request or a stream when the caller names none. */
  readonly requestMs: number;
  readonly streamMs: number;
  /** A stream's server says that it lives when it sent no part for so long. */
  readonly heartbeatMs: number;
  /** A stream's reader gives its server up when it heard nothing for so long. */
  readonly silenceMs: number;
  /** A stream's reader says that it lives, so often. */
  readonly aliveMs: number;
  /** A stream's server gives its reader up when it heard nothing for so long. */
  readonly abandonedMs: number;
  /** How long the cancel of a stream that did not arrive yet is remembered. */
  readonly rememberCancelMs: number;
  /** What a cancelled stream gets for a terminal part of its own (with usage so far). */
  readonly lastWordMs: number;
  /** Deadline of a stored publish, and of one attempt at it. */
  readonly publishMs: number;
  readonly publishAttemptMs: number;
  /** Life of one pull request of a consumer, and how often the server says it still has it. */
  readonly pullMs: number;
  readonly pullHeartbeatMs: number;
  /** Grace of a drain when the caller names none. */
  readonly drainMs: number;
}

export const defaultTimings: BusTimings = Object.freeze({
  connectMs: 30_000,
  settleMs: 2_000,
  requestMs: 5_000,
  streamMs: 600_000,
  heartbeatMs: 3_000,
  silenceMs: 10_000,
  aliveMs: 5_000,
  abandonedMs: 15_000,
  rememberCancelMs: 5_000,
  lastWordMs: 250,
  // The leader of a replicated stream that is killed takes 4 to 5 s to be replaced.
  publishMs: 10_000,
  publishAttemptMs: 2_000,
  pullMs: 30_000,
  pullHeartbeatMs: 5_000,
  drainMs: 20_000,
});
