import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type MariadbServer, startMariadb } from "../src/mariadb.ts";
import { describeServer } from "./describe-server.ts";

describeServer("mariadb")("MariaDB", () => {
  let server: MariadbServer;
  beforeAll(async () => {
    server = await startMariadb({ tls: true, settings: { "max-allowed-packet": "32M" } });
  });
  afterAll(() => server.stop());

  async function query(text: string, options = {}): Promise<unknown> {
    const connection = await createConnection({ uri: server.url, ...options });
    try {
      const [rows] = await connection.query(text);
      return rows;
    } finally {
      await connection.end();
    }
  }

  it("keeps committed rows over a crash", async () => {
    await query("CREATE TABLE kept AS SELECT seq FROM seq_1_to_1000");
    await server.kill();
    await expect(query("SELECT 1")).rejects.toThrow("ECONNREFUSED");
    await server.restart();
    expect(await query("SELECT count(*) AS n FROM kept")).toEqual([{ n: 1000 }]);
  });

  it("takes settings", async () => {
    expect(await query("SELECT @@max_allowed_packet AS n, @@local_infile AS l")).toEqual([
      { n: 2 ** 25, l: 1 },
    ]);
  });

  it("has no user without a password", async () => {
    const root = { uri: server.url.replace(/\/\/.*@/, "//root@") };
    await expect(query("SELECT 1", root)).rejects.toThrow("Access denied");
  });

  it("speaks TLS with a certificate of its own authority", async () => {
    const rows = await query("SHOW STATUS LIKE 'Ssl_version'", { ssl: { ca: server.ca } });
    expect(rows).toEqual([{ Variable_name: "Ssl_version", Value: "TLSv1.3" }]);
    await expect(query("SELECT 1", { ssl: {} })).rejects.toThrow(/certificate/);
  });
});
