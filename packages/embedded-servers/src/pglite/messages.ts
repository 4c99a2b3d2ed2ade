/** What the database's process is told at its start, as JSON in its one argument. */
export type PgliteArguments = {
  /** Holds `pgdata/` and `dumps/`. */
  readonly dataDir: string;
  /** 0: the kernel's choice. Unused with a socket path. */
  readonly port: number;
  readonly socketPath?: string;
  readonly maxConnections: number;
  /** A dump that a new database starts from. */
  readonly dumpFile?: string;
  /** Where the template of a new database is looked for. */
  readonly templateFolder?: string;
};

/** Launcher to database process. */
export type ToPglite =
  | { readonly kind: 'dump' }
  | { readonly kind: 'stop'; readonly dump: boolean };

/** Database process to launcher. */
export type FromPglite =
  | { readonly kind: 'ready'; readonly port: number }
  /** Sent while the event loop turns: a running query holds it up. Time as `Date.now()`. */
  | { readonly kind: 'heartbeat'; readonly lastWorkAt: number }
  | { readonly kind: 'dumped'; readonly sentence: string };
