/** What the machine looks like; gathered by `gather-facts.ts`, judged by `judge-facts.ts`. */
export interface Facts {
  readonly nodeVersion: string;
  /** Whether Node comes from the repository's own packages. */
  readonly isBundledNode: boolean;
  /** All problems of the environment, one sentence each. */
  readonly configuration: readonly string[];
  readonly servers: readonly ServerFact[];
  readonly dataDirectory: DirectoryFact;
  readonly port: { readonly number: number; readonly isFree: boolean; readonly isChosen: boolean };
  /** The process that runs Mosaic from the data directory. */
  readonly runningPid: number | undefined;
  /** What its services say they have to do without, one sentence each. */
  readonly troubles: readonly string[];
  readonly vendors: readonly VendorFact[];
  readonly ollama: OllamaFact;
  readonly freeBytes: number | undefined;
  /** How far the clock is behind the newest file of this version; not positive when it is right. */
  readonly clockBehindMs: number;
  readonly isPageBuilt: boolean;
  /** `blocked`: it is there, but this machine lets it make no sandbox. */
  readonly bubblewrap: 'works' | 'blocked' | 'missing';
}

/** A server that Mosaic starts itself, or one whose address was given. */
export interface ServerFact {
  readonly name: 'nats-server' | 'redis-server';
  readonly variable: 'NATS_URL' | 'REDIS_URL';
  readonly isGiven: boolean;
  /** First line of what the program says about itself; undefined when it was not found. */
  readonly version: string | undefined;
  /** For a given one: whether its port accepts a connection. */
  readonly isReachable: boolean;
}

export interface DirectoryFact {
  readonly path: string;
  readonly exists: boolean;
  /** Of itself, or of the folder in which it would be made. */
  readonly isWritable: boolean;
  /** It holds an installation already; a folder of other things is left as it is. */
  readonly isOurs: boolean;
  /** Permission bits, such as 0o700. */
  readonly mode: number | undefined;
}

export interface VendorFact {
  readonly name: string;
  readonly variable: string;
  readonly hasKey: boolean;
  readonly address: string;
  /** Asked only when there is a key. */
  readonly isReachable: boolean | undefined;
}

export interface OllamaFact {
  readonly address: string;
  readonly answers: boolean;
  readonly models: readonly string[];
}
