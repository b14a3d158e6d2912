import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { aptLine } from "../src/debian-packages.ts";
import { queryPostgres } from "../src/postgres-client.ts";
import { requestService, ServiceBroker } from "../src/service-broker.ts";
import { createPostgresDatabaseOn } from "../src/test-databases.ts";
import { TEST_SERVICES } from "../src/test-services.ts";
import { describeWith, describeWithOwn, testService } from "../src/vitest.ts";

let broker: ServiceBroker | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await broker?.stop();
});

describe("the service broker", () => {
  it("starts a service once, and stops it", async () => {
    const { url } = (broker = await ServiceBroker.start());
    const start = vi.spyOn(TEST_SERVICES.postgres, "start");
    const [first, second] = await Promise.all([
      requestService(url, "postgres"),
      requestService(url, "postgres"),
    ]);
    expect(first).toEqual(second);
    expect(start).toHaveBeenCalledTimes(1);
    await broker.stop();
    await expect(queryPostgres(first.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
  });

  it("gives each test file a database of its own", async () => {
    const { url } = (broker = await ServiceBroker.start());
    const server = await requestService(url, "postgres");
    const [one, two] = [
      await createPostgresDatabaseOn(server.url),
      await createPostgresDatabaseOn(server.url),
    ];
    await queryPostgres(one.url, "CREATE TABLE mine (id int)");
    await expect(queryPostgres(two.url, "SELECT * FROM mine")).rejects.toThrow("does not exist");
    await one.drop();
    await expect(queryPostgres(one.url, "SELECT 1")).rejects.toThrow("does not exist");
  });

  it("says why a service did not start", async () => {
    const { url } = (broker = await ServiceBroker.start());
    vi.spyOn(TEST_SERVICES.redis, "start").mockRejectedValue(new Error("no such disk"));
    await expect(requestService(url, "redis")).rejects.toThrow(
      "The test service redis did not start: no such disk",
    );
  });

  it("answers only those who know its URL", async () => {
    const { url } = (broker = await ServiceBroker.start());
    expect((await fetch(new URL("/postgres", url))).status).toBe(500);
  });
});

describe("given servers", () => {
  it("are told by their URLs", async () => {
    vi.stubEnv("LEAT_TEST_SERVICES", "compose");
    vi.stubEnv("LEAT_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:15432/postgres");
    vi.stubEnv("LEAT_TEST_S3_URL", "http://key:se%2Fcret@127.0.0.1:9000");
    vi.stubEnv("LEAT_TEST_SFTP_URL", "sftp://leat:pass@127.0.0.1:2222/upload");
    expect(await testService("postgres")).toEqual({ url: "postgres://postgres@127.0.0.1:15432/postgres" });
    expect(await testService("s3")).toEqual({
      endpoint: "http://127.0.0.1:9000",
      region: "us-east-1",
      accessKeyId: "key",
      secretAccessKey: "se/cret",
    });
    expect(await testService("sftp")).toEqual({
      host: "127.0.0.1",
      port: 2222,
      user: "leat",
      password: "pass",
      home: "/upload",
    });
  });

  it("are those of docker-compose.yml when no URL is set; it has no Ceph", async () => {
    vi.stubEnv("LEAT_TEST_SERVICES", "compose");
    expect(await testService("redis")).toEqual({ url: "redis://:leat-secret@127.0.0.1:16379" });
    await expect(testService("s3")).rejects.toThrow("set LEAT_TEST_S3_URL");
  });

  it("of SFTP can tell a key to log in with, and their own", async () => {
    const file = fileURLToPath(import.meta.url);
    vi.stubEnv("LEAT_TEST_SERVICES", "compose");
    vi.stubEnv("LEAT_TEST_SFTP_URL", `sftp://a:b@127.0.0.1:22/x?privateKey=${file}&hostKey=${file}`);
    const { privateKey, hostKeySha256 } = await testService("sftp");
    const content = readFileSync(file, "utf8");
    expect({ privateKey, hostKeySha256 }).toEqual({ privateKey: content, hostKeySha256: content.trim() });
  });

  it("of FTP can tell their ports and the authority to trust", async () => {
    const file = fileURLToPath(import.meta.url);
    vi.stubEnv("LEAT_TEST_SERVICES", "compose");
    vi.stubEnv(
      "LEAT_TEST_FTP_URL",
      `ftp://a:b@127.0.0.1:21/x?ca=${file}&implicitTlsPort=990&passivePorts=100-120`,
    );
    const { ca, implicitTlsPort, passivePorts } = await testService("ftp");
    expect({ ca, implicitTlsPort, passivePorts }).toEqual({
      ca: readFileSync(file, "utf8"),
      implicitTlsPort: 990,
      passivePorts: [100, 120],
    });
  });
});

describe("describeWith", () => {
  function missing(): void {
    vi.stubEnv("LEAT_TEST_SERVICES", undefined);
    vi.spyOn(TEST_SERVICES.redis, "missing").mockReturnValue(aptLine(["redis"]));
  }

  it("runs tests of a service that is there", () => {
    vi.spyOn(TEST_SERVICES.redis, "missing").mockReturnValue(undefined);
    expect(describeWith("redis")).toBe(describe);
  });

  it("skips tests of one that is missing, and tells how to get it", () => {
    missing();
    vi.stubEnv("LEAT_REQUIRE_SERVERS", "");
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    expect(describeWith("redis")).not.toBe(describe);
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining("apt-get install --yes --no-install-recommends redis-server"),
    );
  });

  it("skips tests that start one themselves where it is missing, also when others are given", () => {
    missing();
    vi.stubEnv("LEAT_REQUIRE_SERVERS", "");
    vi.stubEnv("LEAT_TEST_SERVICES", "compose");
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    expect(describeWith("redis")).toBe(describe);
    expect(warn).not.toHaveBeenCalled();
    expect(describeWithOwn("redis")).not.toBe(describe);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("redis-server"));
  });

  it("fails instead where servers are required", () => {
    missing();
    vi.stubEnv("LEAT_REQUIRE_SERVERS", "1");
    const warn = vi.spyOn(console, "warn");
    expect(describeWith("redis")).not.toBe(describe);
    expect(warn).not.toHaveBeenCalled();
  });

  it("skips services that were not chosen, and says so", () => {
    vi.stubEnv("LEAT_TEST_SERVICES", "postgres,s3");
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    expect(describeWith("redis")).not.toBe(describe);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("LEAT_TEST_SERVICES does not name it"));
    expect(describeWith("postgres")).toBe(describe);
  });
});
