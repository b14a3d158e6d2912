import type { PoolConnection, QueryOptions, QueryResult, ResultSetHeader, RowDataPacket } from "mysql2";
import { typeCast } from "./result-types.ts";

/** What the driver gives of rows. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

export type Statement = QueryOptions & { readonly sql: string };

/** What a pool of the user's may have set otherwise. */
const RESULT_OPTIONS = { rowsAsArray: false, nestTables: false, namedPlaceholders: false, typeCast } as const;

/**
 * A connection whose statements are promises. Values are bound by escaping them, which is safe for sessions that
 * `applySettings` has set up.
 */
export class Client {
  readonly connection: PoolConnection;
  readonly #timeoutMs: number | undefined;

  /** @param timeoutMs time that the server may be silent; default without limit */
  constructor(connection: PoolConnection, timeoutMs?: number) {
    this.connection = connection;
    this.#timeoutMs = timeoutMs;
  }

  /** Runs a statement that gives rows. */
  async select(sql: string, values?: unknown[]): Promise<Rows> {
    return (await this.run({ sql, values })) as RowDataPacket[];
  }

  /** Runs a statement that gives no rows. */
  async change(sql: string, values?: unknown[]): Promise<ResultSetHeader> {
    return (await this.run({ sql, values })) as ResultSetHeader;
  }

  run(statement: Statement): Promise<QueryResult> {
    const timeout = this.#timeoutMs === undefined ? {} : { timeout: this.#timeoutMs };
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result: QueryResult): void => {
        if (error === null) resolve(result);
        else reject(error);
      };
      this.connection.query({ ...RESULT_OPTIONS, ...timeout, ...statement }, done);
    });
  }
}
