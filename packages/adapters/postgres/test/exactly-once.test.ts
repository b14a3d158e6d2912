import { fork } from "node:child_process";
import {
  type CrashLoad,
  exactlyOnceSuite,
  fenceSuite,
  type MessageLength,
} from "@leat/copy-to-table/testing";
import { PostgresTarget } from "@leat/postgres";
import { Client } from "pg";
import { describe, it } from "vitest";
import { makeCrashLoad } from "./make-load.ts";
import { describePostgres, query, type TestServer } from "./postgres-servers.ts";
import { SEED } from "./seed.ts";

const CHILD = new URL("load-child.ts", import.meta.url);
const isThorough = process.env["LEAT_SLOW_TESTS"] === "1";

let users = 0;

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: only the first message has no type before its length. */
const messageLength: MessageLength = (bytes, index) => {
  const typeBytes = index === 0 ? 0 : 1;
  return bytes.length < typeBytes + 4 ? undefined : typeBytes + bytes.readInt32BE(typeBytes);
};

/** A statement with values is several messages, up to Sync, which the driver sends as one. */
const statementLength: MessageLength = (bytes, index) => {
  const length = messageLength(bytes, index);
  if (length === undefined || index === 0 || !"PBDE".includes(bytes.toString("latin1", 0, 1))) return length;
  const rest = statementLength(bytes.subarray(length), index + 1);
  return rest === undefined ? undefined : length + rest;
};

async function openCrashLoads({ server }: TestServer) {
  const { url } = server;
  return {
    url,
    messageLength,
    makeLoad: makeCrashLoad,
    query: (text: string) => query(url, text),
    isMissingTable: (error: unknown) => (error as { code?: string }).code === "42P01",
    forkLoader: () => fork(CHILD, { execArgv: ["--import", "tsx", "--conditions=@leat/source"] }),
    killServer: () => server.kill(),
    restartServer: () => server.restart(),
    close: async () => {},
  };
}

/** With a user who may not end sessions of the first one. */
async function openFences(running: TestServer) {
  const { server } = running;
  const user = `other_${++users}`;
  const grants = `grant all on schema public to ${user};
    alter default privileges in schema public grant all on tables to ${user}`;
  await query(server.url, `create role ${user} login password 'other'; ${grants}`);
  const other = new URL(server.url);
  other.username = user;
  other.password = "other";
  return {
    ...(await openCrashLoads(running)),
    messageLength: statementLength,
    otherUserUrl: other.href,
    begin: beginOwn,
  };
}

async function beginOwn({ url, table, markerTable }: CrashLoad) {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("begin");
  const end = async (command: string): Promise<void> => {
    await client.query(command);
    await client.end();
  };
  const marker = new PostgresTarget(table, "load", { connection: url, markerTable });
  return {
    write: (token: string) => marker.write(client, token),
    commit: () => end("commit"),
    rollback: () => end("rollback"),
  };
}

describePostgres("PostgresCopyToTable", (server) => {
  exactlyOnceSuite({ describe, it }, "A load", () => openCrashLoads(server()), { isThorough, seed: SEED });
  fenceSuite({ describe, it }, "A load", () => openFences(server()), { isThorough, seed: SEED });
});
