import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { startFtp, type FtpServer } from "@leat-internal/dev-servers";
import { startTcpFaultProxy } from "@leat/testkit";
import { describeWithOwn } from "@leat-internal/dev-servers/vitest";
import { LeatError } from "@leat/core";
import { FtpFileSystem, FtpTarget, type FtpConnectionOptions } from "@leat/ftp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FtpFaultProxy } from "./ftp-fault-proxy.ts";
import { ReplyFilter } from "./reply-filter.ts";

const MIB = 1024 * 1024;

describeWithOwn("ftp")("FTP that fails", () => {
  let server: FtpServer;
  beforeAll(async () => {
    server = await startFtp();
  });
  afterAll(() => server.stop());

  const optionsWith = (options: Partial<FtpConnectionOptions> = {}): FtpConnectionOptions => {
    const { host, port, user, password, ca } = server;
    return { host, port, user, password, ca, ...options };
  };
  const content = Buffer.from(Array.from({ length: 4 * MIB }, (_, index) => (index * 7919) >> 8));

  async function failureOf(promise: Promise<unknown>): Promise<LeatError> {
    const error = await promise.then(
      () => expect.unreachable("it did not fail"),
      (thrown: unknown) => thrown,
    );
    expect(LeatError.is(error)).toBe(true);
    return error as LeatError;
  }

  it("tells a wrong password, without showing it", async () => {
    const password = `wrong-${randomUUID()}`;
    const error = await failureOf(new FtpFileSystem(optionsWith({ password })).exists("a"));
    expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
    expect(inspect(error, { depth: 9 })).not.toContain(password);
  });

  it("refuses a certificate that nobody vouches for, unless asked not to", async () => {
    const { host, port, user, password } = server;
    const untrusting = { host, port, user, password };
    const error = await failureOf(new FtpFileSystem(untrusting).exists("a"));
    expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
    expect(inspect(error, { depth: 9 })).not.toContain(server.password);
    const trusting = new FtpFileSystem({ ...untrusting, verifyCertificate: false });
    expect(await trusting.exists("a")).toBe(false);
    await trusting.close();
  });

  it("refuses a certificate that has expired", async () => {
    const expired = await startFtp({ certificateDays: -1 });
    const { host, port, user, password, ca } = expired;
    const error = await failureOf(new FtpFileSystem({ host, port, user, password, ca }).exists("a"));
    expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
    expect(error.message).toContain("Renew the server's certificate");
    expect(inspect(error, { depth: 9 })).not.toContain(password);
    await expired.stop();
  });

  it.each(["explicit", "implicit", "none"] as const)(
    "tells a silent server by its deadline, tls %s",
    async (tls) => {
      const proxy = await startTcpFaultProxy(server, { blackHole: "both" });
      const options = optionsWith({ port: proxy.port, tls, timeoutMs: 500 });
      const error = await failureOf(new FtpFileSystem(options).exists("a"));
      expect(error).toMatchObject({ code: "TARGET_TIMEOUT", retryable: true });
      proxy.close();
    },
  );

  it.each(["reset", "end"] as const)("goes on with a download that was cut twice, by %s", async (kind) => {
    const proxy = await FtpFaultProxy.start(server);
    const path = randomUUID();
    writeFileSync(join(server.home, path), content, { mode: 0o644 });
    const target = new FtpTarget(path, { connection: optionsWith({ host: proxy.host, port: proxy.port }) });
    proxy.data.setFaults({ cut: { direction: "downstream", afterBytes: MIB, kind, times: 2 } });
    expect((await target.readBytes()).equals(content)).toBe(true);
    expect(proxy.data.cuts).toBe(2);
    await target.fileSystem.close();
    proxy.close();
  });

  it("does not mix a file with the one that replaced it while the download was cut", async () => {
    const proxy = await FtpFaultProxy.start(server);
    const path = randomUUID();
    writeFileSync(join(server.home, path), content, { mode: 0o666 });
    const target = new FtpTarget(path, { connection: optionsWith({ host: proxy.host, port: proxy.port }) });
    proxy.data.setFaults({ cut: { direction: "downstream", afterBytes: MIB, times: 1 } });
    const stream = await target.createReadStream();
    writeFileSync(join(server.home, path), content.subarray(1));
    stream.resume();
    const [error] = (await once(stream, "error")) as [LeatError];
    expect(error).toMatchObject({ code: "TARGET_CONFLICT" });
    expect(target.fileSystem.connectionsInUse).toBe(0);
    proxy.close();
  });

  it("survives a server that is killed: its connections are not used again", async () => {
    const fileSystem = new FtpFileSystem(optionsWith());
    expect(await fileSystem.exists("/")).toBe(true);
    await server.kill();
    await server.restart();
    await fileSystem.exists("/").catch(() => undefined);
    expect(await fileSystem.exists("/")).toBe(true);
    await fileSystem.close();
  });

  it("reports a name that is not UTF-8", async () => {
    const fileSystem = new FtpFileSystem(optionsWith());
    await fileSystem.mkdir("latin");
    writeFileSync(Buffer.concat([Buffer.from(join(server.home, "latin/b")), Buffer.from([0xff])]), "a");
    const error = await failureOf(fileSystem.list("latin").next());
    expect(error).toMatchObject({ code: "TARGET_INVALID_DATA" });
    await fileSystem.close();
  });

  it("lists and looks also where there is no MLSD", async () => {
    const proxy = await ReplyFilter.start(server.port, (line) =>
      line.startsWith(" MLST ") ? undefined : line,
    );
    const fileSystem = new FtpFileSystem(optionsWith({ port: proxy.port, tls: "none" }));
    await new FtpTarget("old/dir/-a *.txt", { connection: fileSystem }).writeText("a");
    const found: string[] = [];
    for await (const path of fileSystem.list("old")) found.push(path);
    expect(found).toEqual(["old/dir/-a *.txt"]);
    expect(await fileSystem.remove("old", { recursive: true })).toBe(true);
    await fileSystem.close();
    proxy.close();
  });

  it("asks again for a data connection whose port was taken from the server, but not for ever", async () => {
    let refusals = 4;
    const refused = "425 EPSV: Address already in use";
    const proxy = await ReplyFilter.start(server.port, (line) =>
      /^22[79] /.test(line) && refusals-- > 0 ? refused : line,
    );
    const fileSystem = new FtpFileSystem(optionsWith({ port: proxy.port, tls: "none" }));
    const target = new FtpTarget("busy-ports.txt", { connection: fileSystem });
    await target.writeText("a");
    refusals = 4;
    expect(await target.readText()).toBe("a");
    refusals = Number.POSITIVE_INFINITY;
    expect(await failureOf(target.readText())).toMatchObject({ code: "TARGET_UNAVAILABLE", retryable: true });
    await fileSystem.close();
    proxy.close();
  });
});
