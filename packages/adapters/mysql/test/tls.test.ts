import { type MariadbServer, startMariadb } from "@leat-internal/dev-servers";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { MysqlTarget, type MysqlConnection } from "@leat/mysql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { poolOf } from "../src/mysql-pool.ts";
import { describeOwnMysql } from "./mysql-servers.ts";

let server: MariadbServer;
let folder = "";

describeOwnMysql("TLS", () => {
  beforeAll(async () => {
    server = await startMariadb({ tls: true });
    folder = mkdtempSync(path.join(os.tmpdir(), "leat-tls-"));
    writeFileSync(path.join(folder, "ca.pem"), server.ca as string);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const urlWith = (search: string, host = "localhost"): string => {
    const url = new URL(server.url);
    url.hostname = host;
    return `${url.href}?${search}`;
  };
  const ca = (): string => encodeURIComponent(path.join(folder, "ca.pem"));
  const exists = (connection: MysqlConnection): Promise<boolean> =>
    new MysqlTarget("t", "a", { connection }).exists();

  async function cipherOf(connection: MysqlConnection): Promise<unknown> {
    const [rows] = await poolOf(connection).pool.promise().query("show status like 'Ssl_cipher'");
    return (rows as { Value: string }[])[0]?.Value;
  }

  it("is used when the URL asks for it and the server proves its name", async () => {
    const url = urlWith(`ssl-mode=VERIFY_IDENTITY&ssl-ca=${ca()}`);
    expect(await exists(url)).toBe(false);
    expect(await cipherOf(url)).not.toBe("");
  });

  it("verifies when an authority alone is named", async () => {
    expect(await cipherOf(urlWith(`ssl-ca=${ca()}`))).not.toBe("");
  });

  it("is not used when nobody asks for it", async () => {
    expect(await cipherOf(urlWith(""))).toBe("");
  });

  it("refuses a server that an unknown authority vouches for", async () => {
    for (const mode of ["VERIFY_IDENTITY", "VERIFY_CA"]) {
      await expect(exists(urlWith(`ssl-mode=${mode}`))).rejects.toMatchObject({ code: "TARGET_FORBIDDEN" });
    }
    const { host, port, user, password, database } = server;
    const settings = { host, port, user, password, database, ssl: {} };
    await expect(exists(settings)).rejects.toMatchObject({ code: "TARGET_FORBIDDEN" });
  });

  it("refuses a certificate for another name", async () => {
    const { host, port, user, password, database } = server;
    const settings = { host: "db.example", user, password, database, ssl: { ca: server.ca as string } };
    const stream = (): net.Socket => net.connect(port, host);
    await expect(exists({ ...settings, stream })).rejects.toMatchObject({ code: "TARGET_FORBIDDEN" });
    const chainOnly = { ...settings.ssl, verifyIdentity: false };
    expect(await exists({ ...settings, stream, ssl: chainOnly })).toBe(false);
  });

  it("goes without verification when it is told to", async () => {
    expect(await cipherOf(urlWith("ssl-mode=REQUIRED"))).not.toBe("");
  });

  it("refuses options that it does not know, lest one of them asks for TLS", async () => {
    for (const search of ["sslmode=require", "ssl-mode=verify", "ssl=true", "ssl-ca=/missing.pem"]) {
      await expect(exists(urlWith(search)), `with ?${search}`).rejects.toMatchObject({
        code: "OPTION_INVALID",
      });
    }
  });
});
