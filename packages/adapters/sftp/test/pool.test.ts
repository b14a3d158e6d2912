import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startTcpFaultProxy, type TcpFaultProxy } from "@leat/testkit";
import { describeWith, testService, type SftpConnection } from "@leat-internal/dev-servers/vitest";
import { SftpFileSystem } from "@leat/sftp";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { settingsFor } from "./sftp-workspace.ts";

describeWith("sftp")("connections", () => {
  let server: SftpConnection;
  let proxy: TcpFaultProxy;
  let fileSystem: SftpFileSystem;
  beforeAll(async () => {
    server = await testService("sftp");
  });
  beforeEach(async () => {
    proxy = await startTcpFaultProxy(server);
    fileSystem = new SftpFileSystem({
      connection: { ...settingsFor(server), port: proxy.port, maxConnections: 3 },
    });
  });
  afterEach(() => proxy.close());

  it("are not made before they are needed", () => {
    expect(proxy.accepted).toBe(0);
  });

  it("are used again", async () => {
    for (let time = 0; time < 20; time++) expect(await fileSystem.exists("/")).toBe(true);
    expect(proxy.accepted).toBe(1);
  });

  it("are as many as allowed when more is done at once, and serve all of it", async () => {
    const found = await Promise.all(Array.from({ length: 200 }, () => fileSystem.exists("/")));
    expect(found.every(Boolean)).toBe(true);
    expect(proxy.accepted).toBe(3);
  });

  it("are all closed by close(), and made again when needed", async () => {
    await Promise.all([fileSystem.exists("/"), fileSystem.exists("/tmp")]);
    await fileSystem.close();
    await expect.poll(() => proxy.openConnections).toBe(0);
    expect(await fileSystem.exists("/")).toBe(true);
    await fileSystem.close();
  });

  it("are given back by a listing that is not read to its end", async () => {
    for (let time = 0; time < 20; time++) {
      for await (const path of fileSystem.list("/usr/share")) {
        expect(path).not.toBe("");
        break;
      }
    }
    expect(proxy.accepted).toBe(1);
    await fileSystem.close();
    await expect.poll(() => proxy.openConnections).toBe(0);
  });

  it("do not keep a process alive that has nothing more to do", async () => {
    const child = fork(
      fileURLToPath(new URL("./ending-child.ts", import.meta.url)),
      [JSON.stringify(settingsFor(server))],
      { execArgv: ["--conditions=@leat/source", "--import=tsx"], silent: true },
    );
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await once(child, "exit");
    expect(output).toMatch(/^found true \d+\n$/);
    // An idle connection lives for ten seconds.
    expect(Number(output.split(" ")[2])).toBeLessThan(9_000);
  });
});
