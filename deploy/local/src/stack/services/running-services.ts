/** All services, wherever they run. */
export interface RunningServices {
  /** Stops them in the order that loses nothing; never rejects. */
  stop(): Promise<void>;
}

/** How services are started. */
export interface StartServicesOptions {
  /** Of the log files; undefined sends the logs to the standard output. */
  readonly logsDir: string | undefined;
  readonly logLevel: string;
}
