import type { ServerResponse } from "node:http";
import type { Database } from "./database.ts";
import type { Change, ChangeListener } from "./engine.ts";

/** Most that is kept of the log of one attempt, in characters. The oldest lines go first. */
const MOST_CHARACTERS = 1024 * 1024;

/** A reader that has this much waiting for it is cut off. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** What the attempts wrote. Readers see it while it is written; it is not on disk at once as commands are. */
export class AttemptLogs implements ChangeListener {
  readonly #database: Database;
  /** Characters kept of each attempt that was written to since leatd began. */
  readonly #sizes = new Map<string, number>();
  readonly #readers = new Map<string, Set<ServerResponse>>();
  /** Ends when all that was given so far is written: what comes together must not change its order. */
  #written: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Ends the streams of attempts that ended. */
  committed(changes: readonly Change[]): void {
    for (const { token } of changes.flatMap(({ attempts }) => attempts)) {
      for (const response of this.#readers.get(token) ?? []) response.end();
      this.#sizes.delete(token);
    }
  }

  append(token: string, text: string, now: number): Promise<void> {
    for (const response of this.#readers.get(token) ?? []) {
      if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
      else response.write(text);
    }
    const written = this.#written.then(() => this.#keep(token, text, now));
    this.#written = written.catch(() => undefined);
    return written;
  }

  /** What is kept of the attempt's log; empty when nothing is. */
  async read(token: string): Promise<string> {
    const rows = await this.#database.rows("SELECT text FROM logs WHERE token = $1 ORDER BY id", [token]);
    return rows.map(({ text }) => text).join("");
  }

  /** Sends what is there and what is written from now on, until the attempt ends. */
  async follow(token: string, response: ServerResponse): Promise<void> {
    await this.#written;
    const kept = await this.read(token);
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
    response.write(kept);
    const readers = this.#readers.get(token) ?? new Set();
    this.#readers.set(token, readers.add(response));
    response.on("close", () => {
      readers.delete(response);
      if (readers.size === 0) this.#readers.delete(token);
    });
  }

  /** Ends all streams, and resolves when everything is written. */
  close(): Promise<void> {
    for (const response of [...this.#readers.values()].flatMap((readers) => [...readers])) response.end();
    return this.#written;
  }

  async #keep(token: string, text: string, now: number): Promise<void> {
    const before = this.#sizes.get(token) ?? (await this.read(token)).length;
    const kept = text.slice(-MOST_CHARACTERS);
    await this.#database.run("INSERT INTO logs (token, at, text) VALUES ($1, $2, $3)", [token, now, kept]);
    const size = before + kept.length;
    this.#sizes.set(token, size > MOST_CHARACTERS ? await this.#shorten(token) : size);
  }

  /** Drops the oldest half, so that not every line has to drop one. Resolves to what is left. */
  async #shorten(token: string): Promise<number> {
    const rows = await this.#database.rows(
      "SELECT id, length(text) AS size FROM logs WHERE token = $1 ORDER BY id DESC",
      [token],
    );
    let kept = 0;
    for (const { id, size } of rows as readonly { id: number; size: number }[]) {
      if (kept > 0 && kept + size > MOST_CHARACTERS / 2) {
        await this.#database.run("DELETE FROM logs WHERE token = $1 AND id <= $2", [token, id]);
        break;
      }
      kept += size;
    }
    return kept;
  }
}
