/** Receives one finished sentence about what is happening, for a person to read. */
export type OnProgress = (sentence: string) => void;

/** How a server's process ended. `expected` is true when `stop()` was the reason. */
export type ServerExit = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly expected: boolean;
};

/** A server that answers at `url` now. */
export type ServerHandle = {
  readonly url: string;
  readonly pid: number;
  /** Settles when the process is gone, whoever ended it. Never rejects. */
  readonly exited: Promise<ServerExit>;
  /** Ends the server and settles when it is gone; calling it again is harmless. */
  stop(): Promise<void>;
};
