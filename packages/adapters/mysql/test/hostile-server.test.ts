import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { runTask } from "@leat/copy-to-table/testing";
import { MysqlTarget } from "@leat/mysql";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { createDatabase, describeMysql, query } from "./mysql-servers.ts";

const SECRET = "what no server may have";
/** Asks the client for a file: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_local_infile_request.html */
const FILE_REQUEST = 0xfb;

let folder = "";
let file = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "leat-hostile-"));
  file = path.join(folder, "secret");
  writeFileSync(file, SECRET);
});
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** The request for the file as an answer with a number. */
function requestFor(name: string, sequence: number): Buffer {
  const content = Buffer.from([FILE_REQUEST, ...Buffer.from(name)]);
  return Buffer.concat([Buffer.from([content.length, 0, 0, sequence]), content]);
}

/**
 * A proxy before a server that changes what the server says.
 *
 * @param answer gives what to send to the client for what the server sent after the client's `statement`
 */
async function openHostile(url: string, answer: (bytes: Buffer, statement: string) => Buffer) {
  const { hostname, port } = new URL(url);
  let sent = Buffer.alloc(0);
  const listener = net.createServer((client) => {
    const server = net.connect(Number(port), hostname);
    let statement = "";
    client.on("data", (bytes) => {
      sent = Buffer.concat([sent, bytes]);
      statement = bytes.toString("latin1");
      server.write(bytes);
    });
    server.on("data", (bytes) => client.write(answer(bytes, statement)));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("error", () => {});
      one.on("close", () => other.destroy());
    }
    closing.push(() => server.destroy());
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  closing.push(() => listener.close());
  const to = new URL(url);
  to.port = String((listener.address() as net.AddressInfo).port);
  return { url: to.href, sent: () => sent.toString("latin1") };
}

describeMysql("A server that asks for files", () => {
  it("gets the rows of the load in their place", async () => {
    const direct = await createDatabase();
    let requests = 0;
    const hostile = await openHostile(direct, (bytes, statement) => {
      if (!statement.includes("load data local") || bytes[4] !== FILE_REQUEST) return bytes;
      requests++;
      return requestFor(file, bytes[3] as number);
    });
    const columns = [["name", "varchar(40)"]] as const;
    await runTask(makeLoad({ connection: hostile.url, columns, rows: () => [["Waterloo"]] }));
    expect(requests).toBe(1);
    expect(await query(direct, "select name from t")).toEqual([{ name: "Waterloo" }]);
    expect(hostile.sent()).not.toContain(SECRET);
  });

  it("gets nothing in answer to a statement that loads no rows", async () => {
    let requests = 0;
    const hostile = await openHostile(await createDatabase(), (bytes, statement) => {
      if (!statement.includes("select update_id")) return bytes;
      requests++;
      return requestFor(file, 1);
    });
    const connection = `${hostile.url}?connectTimeout=10000`;
    await expect(new MysqlTarget("t", "a", { connection }).exists()).rejects.toThrow("look for markers");
    expect(requests).toBeGreaterThan(0);
    expect(hostile.sent()).not.toContain(SECRET);
  });
});
