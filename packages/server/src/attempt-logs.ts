import type { ServerResponse } from "node:http";
import type { Change, ChangeListener } from "./engine.ts";
import { type Sqlite, translating } from "./sqlite-database.ts";

/** Most that is kept of the log of one attempt, in characters. The oldest lines go first. */
const MOST_CHARACTERS = 1024 * 1024;

/** A reader that has this much waiting for it is cut off. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** What the attempts wrote. Readers see it while it is written; it is not on disk at once as commands are. */
export class AttemptLogs implements ChangeListener {
  readonly #database: Sqlite;
  readonly #path: string;
  /** Characters kept of each attempt that was written to since leatd began. */
  readonly #sizes = new Map<string, number>();
  readonly #readers = new Map<string, Set<ServerResponse>>();

  constructor(database: Sqlite, path: string) {
    this.#database = database;
    this.#path = path;
  }

  /** Ends the streams of attempts that ended. */
  committed(changes: readonly Change[]): void {
    for (const { token } of changes.flatMap(({ attempts }) => attempts)) {
      for (const response of this.#readers.get(token) ?? []) response.end();
      this.#sizes.delete(token);
    }
  }

  append(token: string, text: string, now: number): void {
    this.#do(() => {
      this.#run("INSERT INTO logs VALUES (NULL, ?, ?, ?)", token, now, text.slice(-MOST_CHARACTERS));
      const size = (this.#sizes.get(token) ?? this.#sizeOf(token)) + text.length;
      this.#sizes.set(token, size > MOST_CHARACTERS ? this.#shorten(token) : size);
    });
    for (const response of this.#readers.get(token) ?? []) {
      if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
      else response.write(text);
    }
  }

  /** What is kept of the attempt's log; empty when nothing is. */
  read(token: string): string {
    return this.#chunks(token).join("");
  }

  /** Sends what is there and what is written from now on, until the attempt ends. */
  follow(token: string, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
    response.write(this.read(token));
    const readers = this.#readers.get(token) ?? new Set();
    this.#readers.set(token, readers.add(response));
    response.on("close", () => {
      readers.delete(response);
      if (readers.size === 0) this.#readers.delete(token);
    });
  }

  /** Forgets what was written before the time. */
  forget(before: number): void {
    this.#do(() => this.#run("DELETE FROM logs WHERE at < ?", before));
  }

  close(): void {
    for (const response of [...this.#readers.values()].flatMap((readers) => [...readers])) response.end();
  }

  /** Drops the oldest half, so that not every line has to drop one. Returns what is left. */
  #shorten(token: string): number {
    let kept = 0;
    const rows = this.#database.prepare("SELECT id, text FROM logs WHERE token = ? ORDER BY id DESC").raw();
    for (const [id, text] of rows.all(token) as [number, string][]) {
      if (kept > 0 && kept + text.length > MOST_CHARACTERS / 2)
        this.#run("DELETE FROM logs WHERE id = ?", id);
      else kept += text.length;
    }
    return kept;
  }

  #sizeOf(token: string): number {
    return this.#chunks(token).reduce((size, text) => size + text.length, 0);
  }

  #chunks(token: string): string[] {
    const rows = this.#do(() =>
      this.#database.prepare("SELECT text FROM logs WHERE token = ? ORDER BY id").raw().all(token),
    );
    return (rows as [string][]).map(([text]) => text);
  }

  #run(sql: string, ...values: unknown[]): void {
    this.#database.prepare(sql).run(...values);
  }

  #do<T>(work: () => T): T {
    return translating(this.#path, "STATE_FAILED", work);
  }
}
