/** One user's day in US dollars, without simulated calls. */
export interface Spending {
  /** Costs that are known. */
  readonly spentUsd: number;
  /** Set aside for calls that run now. */
  readonly reservedUsd: number;
  /** Calls that reached a vendor and whose cost nobody knows. */
  readonly unknownCostCalls: number;
}

/** Money to be set aside for one call. */
export interface ReserveWish {
  /** The ledger's id of the call. Reserving again changes the amount. */
  readonly callId: string;
  /** Of the call, ISO 8601: decides whose day it is. */
  readonly startedAt: string;
  /** What the call may cost at most; null when nobody knows. */
  readonly usd: number | null;
  readonly limitUsd: number;
}

export interface Reserved {
  readonly isAllowed: boolean;
  /** Without the call itself. */
  readonly spending: Spending;
}

/** How setting aside went; `unchecked` when nobody could be asked. */
export type Verdict = Reserved | 'unchecked';

/** Sets money aside and keeps it there while the call runs. */
export interface Reservations {
  /** Never rejects: what can't be checked is allowed, and the log says so. */
  reserve(userId: string, wish: ReserveWish): Promise<Verdict>;
  /** The call is over: what was set aside stays until its record is written. */
  release(callId: string): void;
}
