import { mkdtempSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSftp, type SftpServer } from "@leat-internal/dev-servers";
import { startTcpFaultProxy, type TcpFaultProxy } from "@leat/testkit";
import { describeWithOwn } from "@leat-internal/dev-servers/vitest";
import type { LeatError } from "@leat/core";
import { SftpFileSystem, SftpTarget, type SftpConnectionSettings } from "@leat/sftp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { failureOf, pattern } from "./helpers.ts";
import { settingsFor } from "./sftp-workspace.ts";

const CONTENT = pattern(2_000_000);
const LOST = "TARGET_UNAVAILABLE";
/** The conformance suite tries all of them. */
const TENTHS = [0, 5, 10];

describeWithOwn("sftp")("a connection that breaks", () => {
  let server: SftpServer;
  let proxy: TcpFaultProxy;
  let directory: string;
  let fileSystem: SftpFileSystem;

  beforeAll(async () => {
    server = await startSftp();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    proxy = await startTcpFaultProxy(server);
    directory = mkdtempSync(join(tmpdir(), "leat-sftp-faults-"));
    fileSystem = new SftpFileSystem({ connection: through() });
  });
  afterEach(async () => {
    await fileSystem.close();
    proxy.close();
    await rm(directory, { recursive: true });
  });

  const through = (settings: Partial<SftpConnectionSettings> = {}): SftpConnectionSettings => ({
    ...settingsFor(server),
    port: proxy.port,
    ...settings,
  });
  const target = (name = "a.bin"): SftpTarget =>
    new SftpTarget(join(directory, name), { connection: fileSystem });

  /** The bytes of a connection in the direction in which its content goes. */
  const cutAt = (direction: "upstream" | "downstream", tenth: number): number =>
    // Connecting takes some bytes as well.
    Math.floor((CONTENT.length * tenth) / 10) + (direction === "upstream" ? 3_000 : 4_000);

  // After the last byte all may be over before the cut.
  const isBeforeTheEnd = (tenth: number): boolean => tenth < 10;
  const describeOutcome = (outcome: PromiseSettledResult<void>) =>
    outcome.status === "fulfilled"
      ? { code: "none", left: ["a.bin"] }
      : { code: (outcome.reason as LeatError).code, left: [] };

  it.each(TENTHS)("at %i tenths of an upload leaves nothing, and the next try succeeds", async (tenth) => {
    proxy.setFaults({ cut: { direction: "upstream", afterBytes: cutAt("upstream", tenth), times: 1 } });
    const [outcome] = await Promise.allSettled([target().writeBytes(CONTENT)]);
    const { code, left } = describeOutcome(outcome);
    expect(isBeforeTheEnd(tenth) ? [LOST] : [LOST, "none"]).toContain(code);
    expect(await readdir(directory)).toEqual(left);
    await target().writeBytes(CONTENT);
    expect((await readFile(target().path)).equals(CONTENT)).toBe(true);
    expect(await readdir(directory)).toEqual(["a.bin"]);
    await fileSystem.close();
    await closed();
  });

  it.each(TENTHS)("at %i tenths of a download is not noticed: it goes on over another one", async (tenth) => {
    await writeFile(target().path, CONTENT);
    const afterBytes = cutAt("downstream", tenth);
    proxy.setFaults({ cut: { direction: "downstream", afterBytes, kind: "end", times: 1 } });
    expect((await target().readBytes()).equals(CONTENT)).toBe(true);
    expect(isBeforeTheEnd(tenth) ? [2] : [1, 2]).toContain(proxy.accepted);
    await fileSystem.close();
    await closed();
  });

  it("again and again during a download ends in an error, never in a shorter file", async () => {
    await writeFile(target().path, CONTENT);
    proxy.setFaults({ cut: { direction: "downstream", afterBytes: 4_000 } });
    const error = await failureOf(target().readBytes());
    expect(error).toMatchObject({ code: "TARGET_UNAVAILABLE", retryable: true });
    expect(error.details["path"]).toBe(target().path);
  });

  it("during a download of a file that then changes is an error", async () => {
    await writeFile(target().path, CONTENT);
    proxy.setFaults({ bytesPerSecond: 4_000_000 });
    const content = await target().createReadStream();
    await content.iterator({ destroyOnReturn: false }).next();
    // The rest has been sent, and does not come while the file changes.
    proxy.setFaults({ blackHole: "downstream" });
    await writeFile(target().path, "another");
    proxy.cutAll();
    proxy.setFaults({});
    const error = await failureOf(content.resume().toArray());
    expect(error).toMatchObject({ code: "TARGET_UNAVAILABLE", retryable: true });
    expect(error.message).toContain("changed");
  });

  it("while nothing is done is replaced by another", async () => {
    await target().writeText("a");
    expect(proxy.cutAll()).toBe(1);
    await closed();
    expect(await target().readText()).toBe("a");
    expect(proxy.accepted).toBe(2);
  });

  it("with several operations at once fails them all, each with its path", async () => {
    await target().writeText("a");
    proxy.setFaults({ blackHole: "both" });
    const names = ["a.bin", "b.bin", "c.bin"];
    const errors = Promise.all(names.map((name) => failureOf(target(name).exists())));
    await expect.poll(() => proxy.openConnections).toBe(3);
    proxy.cutAll();
    for (const [index, error] of (await errors).entries()) {
      expect(error).toMatchObject({ code: "TARGET_UNAVAILABLE", retryable: true });
      expect(error.details["path"]).toBe(target(names[index]).path);
    }
  });

  it("with a server that is killed and comes back is an error, and the next try succeeds", async () => {
    await target().writeText("before");
    await server.kill();
    proxy.cutAll();
    expect(await failureOf(target().writeText("x"))).toMatchObject({
      code: "TARGET_UNAVAILABLE",
      retryable: true,
    });
    await server.restart();
    await target().writeText("after");
    expect(await target().readText()).toBe("after");
    expect(await readdir(directory)).toEqual(["a.bin"]);
  });

  it("by a server that stops to answer is an error within the deadline", async () => {
    fileSystem = new SftpFileSystem({ connection: through({ idleTimeoutMs: 2000 }) });
    await target().writeText("a");
    proxy.setFaults({ blackHole: "downstream" });
    const error = await failureOf(target().exists());
    expect(error).toMatchObject({ code: "TARGET_TIMEOUT", retryable: true });
    expect(error.message).toContain("2000 ms");
  });

  it("by a server that accepts and never greets is an error within the deadline", async () => {
    const mute = net.createServer();
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as net.AddressInfo;
    fileSystem = new SftpFileSystem({ connection: through({ port, connectTimeoutMs: 300 }) });
    const error = await failureOf(target().exists());
    expect(error).toMatchObject({ code: "TARGET_TIMEOUT", retryable: true });
    expect(error.message).toContain("300 ms");
    mute.close();
  });

  it("by a server that stops to answer while a file is written leaves an abort no chance, which says so", async () => {
    const writer = await fileSystem.openWrite(target().path);
    await writer.write(CONTENT.subarray(0, 1000));
    proxy.setFaults({ blackHole: "both" });
    expect(await failureOf(writer.abort())).toMatchObject({ code: "TARGET_TIMEOUT" });
    expect(await readdir(directory)).toMatchObject([expect.stringMatching(/^\.a\.bin\.leat-tmp-/)]);
  });

  it("by more bytes than a copy on the server needs is not broken by one", async () => {
    await target().writeBytes(CONTENT);
    const cut = { afterBytes: CONTENT.length / 10 };
    for (const direction of ["upstream", "downstream"] as const) {
      proxy.setFaults({ cut: { direction, ...cut } });
      await target().copyTo(target(`${direction}.bin`));
    }
    proxy.setFaults({});
    expect(proxy.cuts).toBe(0);
    expect((await target("downstream.bin").readBytes()).equals(CONTENT)).toBe(true);
  });

  it("with an abort lets go at once", async () => {
    await target().writeText("a");
    proxy.setFaults({ blackHole: "both" });
    const stop = new AbortController();
    const asked = target().exists({ signal: stop.signal });
    const reason = new Error("enough");
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  /** All connections have ended, at the proxy as well. */
  async function closed(): Promise<void> {
    await expect.poll(() => proxy.openConnections).toBe(0);
  }
});
