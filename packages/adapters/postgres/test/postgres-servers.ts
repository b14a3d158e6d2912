import { randomBytes } from "node:crypto";
import {
  findDebianPostgres,
  findEmbeddedPostgres,
  type PostgresServer,
  startPostgres,
} from "@leat-internal/dev-servers";
import { Pool } from "pg";
import { afterAll, beforeAll, describe } from "vitest";

/** A server with an empty place for each test that asks. */
export interface TestServer {
  readonly server: PostgresServer;
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  /** Makes an empty schema and gives a URL by which it is the only one that is searched: faster than a database. */
  createSchema(): Promise<string>;
}

const VERSIONS = [
  { name: "PostgreSQL 15 (Debian)", bin: findDebianPostgres(15) },
  { name: "PostgreSQL 18 (embedded)", bin: findEmbeddedPostgres() },
];

/** Runs tests against each version of PostgreSQL, each with a server of its own. */
export function describePostgres(name: string, tests: (server: () => TestServer) => void): void {
  for (const version of VERSIONS) {
    const hint = version.bin === undefined ? ": not installed, apt-get install postgresql-15" : "";
    describe.runIf(version.bin)(`${name}, ${version.name}${hint}`, () => {
      tests(useServer(version.bin as string));
    });
  }
}

function useServer(bin: string): () => TestServer {
  let running: TestServer | undefined;
  beforeAll(async () => {
    running = await startTestServer(bin);
  });
  afterAll(() => running?.server.stop());
  return () => running as TestServer;
}

async function startTestServer(bin: string): Promise<TestServer> {
  const server = await startPostgres({ bin, notice: () => {} });
  return {
    server,
    async createDatabase() {
      const name = randomName();
      await query(server.url, `create database ${name}`);
      const url = new URL(server.url);
      url.pathname = name;
      return url.href;
    },
    async createSchema() {
      const name = randomName();
      await query(server.url, `create schema ${name}`);
      return `${server.url}?options=${encodeURIComponent(`-c search_path=${name}`)}`;
    },
  };
}

function randomName(): string {
  return `t_${randomBytes(6).toString("hex")}`;
}

/** A pool such as a user makes. */
export function openPool(url: string): Pool {
  const pool = new Pool({ connectionString: url, allowExitOnIdle: true });
  // Tests end servers while connections are idle.
  pool.on("error", () => {});
  return pool;
}

const pools = new Map<string, Pool>();

/** Runs one statement on a connection that the code under test does not have; the values of rows are text. */
export async function query(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Record<string, any>[]> {
  const pool = pools.get(url) ?? openPool(url);
  pools.set(url, pool);
  const types = { getTypeParser: () => (value: unknown) => value };
  const { rows } = await pool.query<Record<string, any>>({ text, values: [...values], types });
  return rows;
}
