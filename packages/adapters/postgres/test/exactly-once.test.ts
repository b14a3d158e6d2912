import { fork } from "node:child_process";
import { exactlyOnceSuite, type MessageLength } from "@leat/copy-to-table/testing";
import { describe, it } from "vitest";
import { makeCrashLoad } from "./make-load.ts";
import { describePostgres, query, type TestServer } from "./postgres-servers.ts";
import { SEED } from "./seed.ts";

const CHILD = new URL("load-child.ts", import.meta.url);
const isThorough = process.env["LEAT_SLOW_TESTS"] === "1";

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: only the first message has no type before its length. */
const messageLength: MessageLength = (bytes, index) => {
  const typeBytes = index === 0 ? 0 : 1;
  return bytes.length < typeBytes + 4 ? undefined : typeBytes + bytes.readInt32BE(typeBytes);
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

describePostgres("PostgresCopyToTable", (server) => {
  exactlyOnceSuite({ describe, it }, "A load", () => openCrashLoads(server()), { isThorough, seed: SEED });
});
