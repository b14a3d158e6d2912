import type { FileSystem, FileTarget, FileTargetOptions } from "@leat/core";

/** One way into a store, at a place where a test can do as it likes. */
export interface FileStoreClient {
  readonly fileSystem: FileSystem;
  /** Path of the root of the store. No test changes anything there. */
  readonly root: string;
  /**
   * The target at a path below the place, such as `target("a/b.txt")`. The path is put behind that of the place as it is,
   * so that its spelling reaches the store.
   */
  target(path: string, options?: FileTargetOptions): FileTarget;
}

/** A client that is used for a while beside the one of the workspace. */
export interface ExtraFileStoreClient extends FileStoreClient {
  /** Closes its connections and undoes what was set up for it. */
  dispose(): Promise<void>;
}

/** How a child process comes to the same place of the store, for tests in which it is killed. */
export interface ChildModule {
  /** URL of a module that Node can load in a process of its own. */
  readonly url: string | URL;
  /** Name of its export: a function that takes `argument` and gives a FileStoreClient, or a promise of one. */
  readonly exportName: string;
  readonly argument: string;
  /** Options of Node for the child, such as `--import=tsx` for a module in TypeScript. Default none. */
  readonly execArgv?: readonly string[];
}

/** Where and how a connection is cut. */
export interface ConnectionCut {
  /** `upstream` is from the client to the server. */
  readonly direction: "upstream" | "downstream";
  /** Bytes that still arrive. */
  readonly afterBytes: number;
  /** `reset` is seen as an error, `end` as an orderly end of the stream. */
  readonly kind: "reset" | "end";
}

/** A client whose connections can be cut, one after another. */
export interface CuttableFileStoreClient extends ExtraFileStoreClient {
  /** The first connection that carries so many bytes of a transfer from now on is cut; later ones are not. */
  cutNext(cut: ConnectionCut): void;
  /** How many connections have been cut so far. */
  cuts(): number;
  /** How many connections to the server are open now. */
  openConnections(): number;
}

/** A client whose connections can be closed in one direction. */
export interface HalfClosableFileStoreClient extends ExtraFileStoreClient {
  /**
   * Ends one direction of every open connection, `downstream` that from the server to the client: what receives there sees the
   * end of the stream, and can still send.
   */
  halfClose(direction: ConnectionCut["direction"]): void;
}

/** A client of a server that can end at any moment. */
export interface KillableFileStoreClient extends ExtraFileStoreClient {
  /** Ends the server as a crash does, with all its connections. */
  kill(): Promise<void>;
  /** Starts it again, with what it had stored. */
  restart(): Promise<void>;
}

export interface StallableFileStoreClient extends ExtraFileStoreClient {
  /** From now on nothing that the client sends arrives; the connections stay. */
  stall(): void;
}

/**
 * Ways to break the store. Each gives a client for which it is broken so, at the place of the workspace unless it says
 * otherwise. Leave out what the store cannot have, or what cannot be arranged here: the tests are then skipped.
 *
 * For a store behind a network, a proxy between client and server makes most of them: one that refuses, stays silent, cuts
 * or stalls its connections.
 */
export interface FileStoreFaults {
  /** The server is not there: a connection is refused. */
  unreachable?(): Promise<ExtraFileStoreClient>;
  /** Connections are accepted and nothing is ever answered. Give the client a deadline of about a second. */
  silent?(): Promise<ExtraFileStoreClient>;
  /** The client is not let in, or may not see what is there. */
  unauthorized?(): Promise<ExtraFileStoreClient>;
  /** A store that does not exist: no such bucket, no such share. */
  missing?(): Promise<ExtraFileStoreClient>;
  /** Connections can be cut in the middle of a transfer. */
  cuttable?(): Promise<CuttableFileStoreClient>;
  /** Where commands have connections of their own, as in FTP: only these can be cut, whatever content goes over others. */
  commandCuttable?(): Promise<CuttableFileStoreClient>;
  /** Connections can be closed in one direction. */
  halfClosable?(): Promise<HalfClosableFileStoreClient>;
  /** What is sent takes some milliseconds on its way, in each direction. */
  delayed?(): Promise<ExtraFileStoreClient>;
  /** The server can be killed and started again; the place may be another one. */
  killable?(): Promise<KillableFileStoreClient>;
  /** The server can be made to take no more bytes. Give the client a deadline of 30 seconds or more. */
  stallable?(): Promise<StallableFileStoreClient>;
  /** A place, perhaps another one, with room for at least 64 KiB and at most 16 MiB. */
  full?(): Promise<ExtraFileStoreClient>;
  /** Nothing below a directory of the place may be written or removed. The directory exists. */
  readOnly?(directory: string): Promise<ExtraFileStoreClient>;
}

/** A place in a store that one test has for itself, empty at first. What is optional makes more tests run. */
export interface FileWorkspace extends FileStoreClient {
  /** What is in the making, or was left in the making, below the place: temporary files, unfinished uploads. */
  leftovers(): Promise<readonly string[]>;
  /** Removes the place with all that is in it. */
  dispose(): Promise<void>;

  /** A second client of its own, with connections of its own. */
  openSecondClient?(): Promise<ExtraFileStoreClient>;
  readonly childModule?: ChildModule;
  /** Makes a link at `path` that leads to `to`; both are below the place. */
  makeLink?(to: string, path: string): Promise<void>;
  /**
   * Makes many files more quickly than the client does, each with its path as content, in directories that are there: where
   * the test can write to the store by another way.
   */
  seedFiles?(paths: readonly string[]): Promise<void>;
  /** Number of connections and file handles that the client has in use now; idle ones of a pool do not count. */
  handlesInUse?(): Promise<number>;
  readonly faults?: FileStoreFaults;
  /** Why optional parts and faults are not given, by their names, to be printed where a test is skipped. */
  readonly notGiven?: Readonly<Record<string, string>>;

  /** Bytes that the store sends at a time; files around multiples of it are tried. Default 262144 (256 KiB). */
  readonly partBytes?: number;
  /** Memory that may be held while one file streams. Default 67108864 (64 MiB). */
  readonly streamingMemoryBytes?: number;
  /** The labels of `FILE_NAMES` that the store cannot hold: it must refuse them, and all others must work. Default none. */
  readonly refusedNames?: readonly string[];
}
