import { randomBytes } from "node:crypto";
import { createConnection } from "mysql2/promise";
import { queryPostgres } from "./postgres-client.ts";

/** An empty database on a server that others use too. */
export interface TestDatabase {
  readonly url: string;
  /** Removes the database, even when connections to it are open. */
  drop(): Promise<void>;
}

/** Makes a database of its own for a test file. */
export async function createPostgresDatabaseOn(serverUrl: string): Promise<TestDatabase> {
  const name = uniqueName();
  await queryPostgres(serverUrl, `CREATE DATABASE ${name}`);
  return {
    url: withDatabase(serverUrl, name),
    async drop() {
      await queryPostgres(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Makes a database of its own for a test file. */
export async function createMysqlDatabaseOn(serverUrl: string): Promise<TestDatabase> {
  const name = uniqueName();
  await queryMysql(serverUrl, `CREATE DATABASE ${name}`);
  return {
    url: withDatabase(serverUrl, name),
    drop: () => queryMysql(serverUrl, `DROP DATABASE ${name}`),
  };
}

async function queryMysql(url: string, text: string): Promise<void> {
  const connection = await createConnection(url);
  try {
    await connection.query(text);
  } finally {
    await connection.end();
  }
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function uniqueName(): string {
  return `test_${randomBytes(8).toString("hex")}`;
}
