import type { OperationOptions, Target } from "@leat/core";

/** A target that says that something is done, and can be told so. */
export interface MarkerTarget extends Target {
  /** Writes the marker, making its store when it is missing. Tells whether it was this call that wrote it. */
  touch(options?: OperationOptions): Promise<boolean>;
  /** Takes the marker away. Tells whether it was there. */
  remove(options?: OperationOptions): Promise<boolean>;
}

/** What a store of markers can do beside holding them. Adapters declare it in public. */
export interface MarkerCapabilities {
  /** A marker can be written in one transaction with the work that it stands for. */
  readonly transactional: boolean;
  /** A marker can end by itself after some time. */
  readonly expiry: boolean;
}

/** A transaction that is open. */
export interface MarkerTransaction {
  /** Writes a marker in it. `false` when it is there already; waits for another transaction that has written it. */
  claim(updateId: string): Promise<boolean>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** A store of markers for one test. */
export interface MarkerWorkspace {
  readonly capabilities: MarkerCapabilities;
  /** A target for an id. All targets of a workspace use one store, whose table (or the like) is missing at first. */
  readonly target: (updateId: string) => MarkerTarget;
  /** A target for the same id in another namespace of the store: another table of markers, another prefix. */
  readonly elsewhere: (updateId: string) => MarkerTarget;
  /** Those of the ids that have a marker, asked for at once. */
  readonly findMarkers: (updateIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** A target of a server that cannot be reached. */
  readonly unreachable: () => MarkerTarget;
  /** A target of a server that takes connections and never answers, and waits for it no longer than a second. */
  readonly silent: () => Promise<MarkerTarget>;
  /** A target that asks the server with a wrong password. */
  readonly forbidden: () => MarkerTarget;
  /** Text that must not be in any error or string form: the passwords. */
  readonly secrets: readonly string[];
  /** Connections to the server that are open now. */
  readonly openConnections: () => Promise<number>;
  /** Puts something else in the place of the store, or of the marker `updateId` in it. */
  readonly putSomethingElse: (updateId: string) => Promise<void>;
  /** Seconds since the time that is noted with a marker, by the clock of the server, which counts in UTC. */
  readonly age: (updateId: string) => Promise<number>;
  /** Where markers are `transactional`: begins a transaction. */
  readonly begin?: () => Promise<MarkerTransaction>;
  /** Where markers have an `expiry`. */
  readonly expiring?: ExpiringMarkers;
  dispose(): Promise<void>;
}

export interface ExpiringMarkers {
  /** @throws UsageError `OPTION_INVALID` for an expiry that is not a whole number of at least 1 */
  readonly target: (updateId: string, expirySeconds: number) => MarkerTarget;
  /** Seconds that the marker has left; `undefined` without an end. */
  readonly secondsLeft: (updateId: string) => Promise<number | undefined>;
  /** Lets the time of a marker be over now. */
  readonly expireNow: (updateId: string) => Promise<void>;
}
