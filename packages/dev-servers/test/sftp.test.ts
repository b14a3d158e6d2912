import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import SftpClient from "ssh2-sftp-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type SftpServer, startSftp } from "../src/sftp.ts";
import { describeServer } from "./describe-server.ts";

describeServer("sftp")("OpenSSH", () => {
  let server: SftpServer;
  beforeAll(async () => {
    server = await startSftp();
  });
  afterAll(() => server.stop());

  async function login(options: SftpClient.ConnectOptions = {}): Promise<SftpClient> {
    const { host, port, user: username, privateKey } = server;
    const client = new SftpClient();
    await client.connect({ host, port, username, privateKey, ...options });
    return client;
  }

  it("serves files of its home directory", async () => {
    const client = await login({ hostHash: "sha256", hostVerifier: isHostKey });
    await client.put(Buffer.from("hello"), "greeting.txt");
    expect(await client.cwd()).toBe(server.home);
    expect(await client.get("greeting.txt")).toEqual(Buffer.from("hello"));
    expect(readFileSync(path.join(server.home, "greeting.txt"), "utf8")).toBe("hello");
    await client.end();
  });

  function isHostKey(sha256Hex: string): boolean {
    return Buffer.from(sha256Hex, "hex").toString("base64") === server.hostKeySha256;
  }

  it("refuses another key and another host key", async () => {
    const other = await startSftp();
    await expect(login({ privateKey: other.privateKey })).rejects.toThrow("authentication");
    await expect(login({ hostVerifier: () => false })).rejects.toThrow(/verif/i);
    await other.stop();
    expect(existsSync(other.home)).toBe(false);
  });

  it("comes back after a crash", async () => {
    await server.kill();
    await expect(login()).rejects.toThrow("ECONNREFUSED");
    await server.restart();
    await (await login()).end();
  });
});
