/** What a command works with; everything it prints goes through here, so that tests can read it. */
export interface Terminal {
  /** One line on the standard output. */
  print(line: string): void;
  /** One line on the standard error. */
  warn(line: string): void;
  /** A person sits at both ends. */
  readonly isInteractive: boolean;
}

/** One command; `args` are the words after its name. Settles with the exit code. */
export interface Command {
  readonly usage: string;
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}
