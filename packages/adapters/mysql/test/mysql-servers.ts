import {
  createMysqlDatabase,
  type Describe,
  describeWith,
  describeWithOwn,
} from "@leat-internal/dev-servers/vitest";
import { createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import { afterAll } from "vitest";

const pools = new Map<string, Pool>();
const cleanUps: (() => Promise<void>)[] = [];

/** Runs tests against the server of the test run. Databases and connections of their own end with them. */
export const describeMysql: Describe = (name, tests) => describeWith("mysql")(name, withCleanUp(tests));

/** Runs tests that start a server themselves. Their connections end with them. */
export const describeOwnMysql: Describe = (name, tests) => describeWithOwn("mysql")(name, withCleanUp(tests));

function withCleanUp(tests: () => void): () => void {
  return () => {
    afterAll(async () => {
      for (const pool of pools.values()) await pool.end();
      pools.clear();
      for (const cleanUp of cleanUps.splice(0)) await cleanUp();
    });
    tests();
  };
}

/** Makes an empty database and gives its URL. */
export async function createDatabase(): Promise<string> {
  const database = await createMysqlDatabase();
  cleanUps.push(() => database.drop());
  return database.url;
}

/** A pool such as a user makes, with the driver's own settings. */
export function openPool(url: string): Pool {
  return createPool({ uri: url, connectionLimit: 20 });
}

/** Runs a statement on a connection that the code under test does not have; the values of rows are text. */
export async function query(
  url: string,
  text: string,
  values: string[] = [],
): Promise<Record<string, any>[]> {
  // Each test has a database of its own: their idle connections together would be more than the server takes.
  const pool = pools.get(url) ?? createPool({ uri: url, maxIdle: 0, idleTimeout: 1000 });
  pools.set(url, pool);
  const [rows] = await pool.query<RowDataPacket[]>({
    sql: text,
    values,
    typeCast: (field) => field.string(),
  });
  return rows;
}

export function identifier(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
