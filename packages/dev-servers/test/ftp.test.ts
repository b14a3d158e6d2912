import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import { Client as FtpClient } from "basic-ftp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FtpServer, startFtp } from "../src/ftp.ts";
import { describeServer } from "./describe-server.ts";

describeServer("ftp")("ProFTPD", () => {
  let server: FtpServer;
  beforeAll(async () => {
    server = await startFtp();
  });
  afterAll(() => server.stop());

  async function use<T>(work: (client: FtpClient) => Promise<T>, options = {}): Promise<T> {
    const { host, port, user, password } = server;
    const client = new FtpClient(60_000);
    try {
      await client.access({ host, port, user, password, ...options });
      return await work(client);
    } finally {
      client.close();
    }
  }

  async function download(client: FtpClient, name: string): Promise<string> {
    const chunks: Buffer[] = [];
    const sink = new Writable({ write: (chunk: Buffer, _encoding, done) => done(void chunks.push(chunk)) });
    await client.downloadTo(sink, name);
    return Buffer.concat(chunks).toString();
  }

  const plain = {};
  const secure = () => ({ secure: true, secureOptions: { ca: server.ca, servername: "localhost" } });

  it.each([
    ["plain", () => plain],
    ["with TLS", secure],
  ])("serves files of its home directory, %s", async (_name, options) => {
    await use(async (client) => {
      expect(await client.pwd()).toBe(server.home);
      await client.uploadFrom(Readable.from([Buffer.from("hello")]), "greeting.txt");
      expect(await download(client, "greeting.txt")).toBe("hello");
    }, options());
    expect(readFileSync(path.join(server.home, "greeting.txt"), "utf8")).toBe("hello");
  });

  it("serves several transfers at a time", async () => {
    writeFileSync(path.join(server.home, "shared.txt"), "shared");
    const downloads = Array.from({ length: 10 }, () => use((client) => download(client, "shared.txt")));
    expect(new Set(await Promise.all(downloads))).toEqual(new Set(["shared"]));
  });

  it("refuses a wrong password, and a client an unknown authority", async () => {
    await expect(use((client) => client.pwd(), { password: "wrong" })).rejects.toThrow("530");
    const untrusting = { secure: true, secureOptions: { servername: "localhost" } };
    await expect(use((client) => client.pwd(), untrusting)).rejects.toThrow("certificate");
  });

  it("can insist on TLS", async () => {
    const strict = await startFtp({ requireTls: true });
    const { port, user, password, ca } = strict;
    await expect(use((client) => client.pwd(), { port, user, password })).rejects.toThrow(
      "550 SSL/TLS required",
    );
    const options = { port, user, password, secure: true, secureOptions: { ca, servername: "localhost" } };
    expect(await use((client) => client.pwd(), options)).toBe(strict.home);
    await strict.stop();
  });
});
