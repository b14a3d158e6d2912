import { join, relative } from "node:path";
import { startPostgres } from "@leat-internal/dev-servers";
import { OUTPUT_DIRECTORY } from "./tasks/files.ts";

export interface Database {
  readonly url: string;
  /** Stops the database, if it was started here. */
  close(): Promise<void>;
}

const GIVEN_URL = process.env["DATABASE_URL"];

/** Names the database for people. */
export const DATABASE_NAME = GIVEN_URL
  ? "the database of DATABASE_URL"
  : `PostgreSQL in ${shownPath("postgres")}`;

/** The database of DATABASE_URL; when that is not set, a PostgreSQL with its data among what the quickstart makes. */
export async function openDatabase(): Promise<Database> {
  if (GIVEN_URL) return { url: GIVEN_URL, close: async () => undefined };
  try {
    const server = await startPostgres({ dataDirectory: join(OUTPUT_DIRECTORY, "postgres") });
    return { url: server.url, close: () => server.stop() };
  } catch (cause) {
    const cure = `LEAT_QUICKSTART_DIR names another place than ${shownPath("")}, DATABASE_URL a PostgreSQL of your own; rm -r ${shownPath("")} starts over.`;
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\n${cure}`, { cause });
  }
}

/** The path of something that the quickstart makes: from where npm was started, if it is below. */
export function shownPath(name: string): string {
  const path = join(OUTPUT_DIRECTORY, name);
  const fromHere = relative(process.env["INIT_CWD"] ?? process.cwd(), path) || ".";
  return fromHere.startsWith("..") ? path : fromHere;
}
