import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { startTcpFaultProxy, type TcpFaultProxy } from "@leat/testkit";
import { S3FileSystem, type S3ConnectionSettings, S3Target } from "@leat/s3";
import { describe, expect, it } from "vitest";
import { failureOf } from "./failure.ts";
import { onEachServer } from "./on-each-server.ts";
import { portOf, settingsFor } from "./s3-workspace.ts";

const CREDENTIALS = { accessKeyId: "id", secretAccessKey: "secret-of-nobody" };

onEachServer("a failure is told by its code, with what to do, and without secrets", (at, service) => {
  const target = (changes: S3ConnectionSettings = {}, path = `s3://${at.bucket}/a.txt`) => {
    const connection = { ...settingsFor(at.server), ...changes };
    return new S3Target(path, { fileSystem: new S3FileSystem({ connection }) });
  };
  const operations = (tried: S3Target) => [
    () => tried.exists(),
    () => tried.readText(),
    () => tried.writeText("a"),
    () => tried.remove(),
    () => tried.fileSystem.list(tried.path).next(),
  ];

  it("a wrong secret", async () => {
    const { accessKeyId } = at.server;
    const secretAccessKey = "the-wrong-secret";
    for (const operation of operations(target({ credentials: { accessKeyId, secretAccessKey } }))) {
      const error = await failureOf(operation());
      expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
      expect(error.details["s3Code"]).toBe("SignatureDoesNotMatch");
      expect(error.message).toContain("Check the access key");
      expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/the-wrong-secret|StringToSign/);
    }
  });

  it("an unknown access key", async () => {
    const error = await failureOf(target({ credentials: CREDENTIALS }).exists());
    expect(error).toMatchObject({ code: "TARGET_FORBIDDEN" });
    expect(error.message).toContain("Check the access key");
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("secret-of-nobody");
  });

  it("a bucket that does not exist", async () => {
    const missing = target({}, `s3://${randomUUID()}/a.txt`);
    for (const operation of operations(missing)) {
      const error = await failureOf(operation());
      expect(error).toMatchObject({ code: "TARGET_NOT_FOUND" });
      expect(error.message).toMatch(/Make the bucket/);
    }
  });

  it("a server that accepts and never answers, within the deadline and with one try", async () => {
    const proxy = await startTcpFaultProxy({ port: portOf(at.server) }, { blackHole: "both" });
    const silent = target({ ...settingsFor(at.server, proxy.port), idleTimeoutMs: 300 });
    for (const [before, operation] of operations(silent).entries()) {
      expect(await failureOf(operation())).toMatchObject({ code: "TARGET_TIMEOUT", retryable: true });
      // On a busy machine the deadline may pass before the proxy sees the connection.
      await expect.poll(() => proxy.accepted).toBe(before + 1);
    }
    proxy.close();
  });

  it("no server", async () => {
    const proxy = await startTcpFaultProxy({ port: portOf(at.server) });
    proxy.refuseConnections();
    const error = await failureOf(target(settingsFor(at.server, proxy.port)).exists());
    expect(error).toMatchObject({ code: "TARGET_UNAVAILABLE", retryable: true });
    expect(error.details["s3Code"]).toBe("ECONNREFUSED");
  });

  // Ceph takes any region.
  if (service === "versitygw") {
    it("a wrong region, with the right one", async () => {
      for (const operation of operations(target({ region: "eu-west-1" }))) {
        const error = await failureOf(operation());
        expect(error).toMatchObject({ code: "TARGET_FORBIDDEN" });
        expect(error.message).toContain("The bucket is in us-east-1: set the region to it.");
      }
    });
  }
});

onEachServer("a connection that is cut once is not missed", (at) => {
  const through = (proxy: TcpFaultProxy) => {
    const fileSystem = new S3FileSystem({ connection: settingsFor(at.server, proxy.port) });
    return new S3Target(`s3://${at.bucket}/${randomUUID()}`, { fileSystem });
  };

  it("while asking, removing and listing", async () => {
    const proxy = await startTcpFaultProxy({ port: portOf(at.server) });
    const target = through(proxy);
    await target.writeText("a");
    const cut = { direction: "downstream", afterBytes: 10, times: 1 } as const;
    proxy.setFaults({ cut });
    expect(await target.exists()).toBe(true);
    proxy.setFaults({ cut });
    expect(await target.fileSystem.list(`s3://${at.bucket}`).next()).toMatchObject({ done: false });
    proxy.setFaults({ cut });
    expect(await target.remove()).toBe(true);
    expect(await target.exists()).toBe(false);
    proxy.close();
  });
});

describe("what the environment does not tell", () => {
  it("a region is asked for", async () => {
    const connection = { endpoint: "http://127.0.0.1:1", credentials: CREDENTIALS };
    const withoutRegion = new S3FileSystem({ connection });
    const saved = process.env["AWS_REGION"];
    delete process.env["AWS_REGION"];
    const error = await failureOf(withoutRegion.exists("s3://bucket/a"));
    if (saved !== undefined) process.env["AWS_REGION"] = saved;
    expect(error).toMatchObject({ code: "OPTION_INVALID" });
    expect(error.message).toContain("AWS_REGION");
  });
});
