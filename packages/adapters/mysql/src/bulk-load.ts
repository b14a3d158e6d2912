import type { FileFeed, RowFeed, TableName } from "@leat/copy-to-table";
import { TargetError } from "@leat/core";
import type { Client } from "./client.ts";
import { fileLists } from "./file-lists.ts";
import { openFile } from "./file-source.ts";
import { listOf, quoteTable } from "./identifiers.ts";
import { loadData } from "./load-data.ts";
import { type FeedPlace, loadError, refuseWarnings } from "./load-errors.ts";
import { type LoadColumn, loadFileStatement, loadRowsStatement } from "./load-statements.ts";
import { hasNumber, mysqlError } from "./mysql-errors.ts";
import { insertEncoder, loadDataEncoder, type ValuesList } from "./row-encoders.ts";
import { columnsOf, pickColumns } from "./tables.ts";
import { valueType } from "./value-types.ts";

/** The server or the client does not allow `LOAD DATA LOCAL`: in MySQL before version 8, MySQL 8 (2), MariaDB. */
const LOCAL_INFILE_OFF: readonly number[] = [1148, 3948, 3950, 4166];

/** Loads rows and files into one table by one connection. */
export class BulkLoad {
  readonly #client: Client;
  readonly #table: TableName;
  readonly #columns: readonly string[];
  readonly #action: string;

  constructor(client: Client, table: TableName, columns: readonly string[]) {
    this.#client = client;
    this.#table = table;
    this.#columns = columns;
    this.#action = `load ${quoteTable(table)}`;
  }

  /** Loads rows by `LOAD DATA LOCAL`, or by INSERT where that is switched off, and gives their number. */
  async rows(feed: RowFeed): Promise<number> {
    const { columns, required } = await this.#describe();
    const place = { feed, rowsBefore: 0 };
    const chunks = feed.encode(loadDataEncoder(columns, required));
    const loaded = await this.#load(loadRowsStatement(this.#table, columns), chunks, () => place);
    // The server says that it is off before it asks for rows, so none is read by then.
    return loaded ?? this.#insert(feed.encode(insertEncoder(columns, required)), () => place);
  }

  /** As `rows`, for a file. */
  async file(feed: FileFeed): Promise<number> {
    const source = await openFile(feed);
    const { header } = feed.file;
    const place = (): FeedPlace => ({
      feed,
      rowsBefore: source.hasLineNumbers() ? Number(header) : undefined,
    });
    const statement = loadFileStatement(this.#table, this.#columns, { ...source, header });
    const loaded = await this.#load(statement, source.bytes, place);
    return loaded ?? this.#insert(fileLists(source, this.#columns.length, feed), place);
  }

  /** The columns as the table has them, and the positions of those in which null is refused. */
  async #describe(): Promise<{ columns: readonly LoadColumn[]; required: readonly number[] }> {
    const shown = quoteTable(this.#table);
    try {
      // Nobody may change the types of the columns between the look at them and the end of the load: this holds a lock.
      await this.#client.select(`select 1 from ${shown} limit 0`);
      const found = pickColumns(this.#columns, await columnsOf(this.#client, this.#table), shown);
      return {
        columns: found.map(({ name, type }) => ({ name, type: valueType(type) })),
        required: found.flatMap(({ changesNull }, index) => (changesNull ? [index] : [])),
      };
    } catch (error) {
      throw mysqlError(error, `look at ${shown}`);
    }
  }

  /** The number of rows, or `undefined` when `LOAD DATA LOCAL` is switched off. */
  async #load(
    statement: string,
    chunks: AsyncIterable<Uint8Array>,
    place: () => FeedPlace,
  ): Promise<number | undefined> {
    let isOff = false;
    const translate = (error: unknown): unknown => {
      isOff = hasNumber(error, LOCAL_INFILE_OFF);
      return mysqlError(loadError(error, place()), this.#action);
    };
    try {
      const result = await loadData(this.#client, statement, chunks, translate);
      await refuseWarnings(this.#client, result, place());
      return result.affectedRows;
    } catch (error) {
      if (isOff) return undefined;
      throw error;
    }
  }

  async #insert(lists: AsyncIterable<ValuesList>, place: () => FeedPlace): Promise<number> {
    const into = `insert into ${quoteTable(this.#table)} (${listOf(this.#columns)}) values `;
    const most = await this.#mostBytes();
    let loaded = 0;
    for await (const { text, rows } of lists) {
      const { feed, rowsBefore } = place();
      const statement = into + text;
      if (Buffer.byteLength(statement) >= most) throw tooLarge(this.#action, most);
      await this.#insertList(statement, {
        feed,
        rowsBefore: rowsBefore === undefined ? undefined : rowsBefore + loaded,
      });
      loaded += rows;
    }
    return loaded;
  }

  /** A larger statement is not sent: the server would close the connection, and its reason might be lost with it. */
  async #mostBytes(): Promise<number> {
    const [row] = await this.#client.select("select @@max_allowed_packet as most");
    return Number(row?.["most"]);
  }

  async #insertList(statement: string, place: FeedPlace): Promise<void> {
    try {
      await refuseWarnings(this.#client, await this.#client.change(statement), place);
    } catch (error) {
      throw mysqlError(loadError(error, place), this.#action);
    }
  }
}

function tooLarge(action: string, most: number): TargetError {
  const message = `Cannot ${action}: a row is too large: its statement has more than the ${most} bytes that the server takes. Give smaller values, or raise max_allowed_packet of the server.`;
  return new TargetError("TARGET_INVALID_DATA", message);
}
