import type { Watched } from '../processes.ts';

/** One answer as its reader saw it; times in milliseconds from the sending of the request. */
export interface Answer {
  readonly text: string;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** One way to the same vendor. */
export interface Subject extends AsyncDisposable {
  readonly name: string;
  /** The direct way to the vendor in the wire format that this one speaks to it; null for that itself. */
  readonly over: string | null;
  /** What it runs on, the vendor and the measurement left out. */
  readonly processes: readonly Watched[];
  /** False when it has no answer but a streamed one. */
  readonly hasUnary: boolean;
  /** Throws when the answer is no success or not complete. */
  ask(isStreamed: boolean): Promise<Answer>;
}

export const question = 'What is the capital of Australia?';
export const model = 'gpt-5.4';
