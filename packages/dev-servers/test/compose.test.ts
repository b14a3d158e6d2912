import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { isRoot } from "../src/accounts.ts";
import { makeCertificates } from "../src/certificates.ts";
import { makeTemporaryDirectory, writePrivateFile } from "../src/directories.ts";
import { findProftpd } from "../src/ftp.ts";
import { freePort, LOCALHOST } from "../src/ports.ts";
import { findRedis } from "../src/redis.ts";
import { ServerProcess, type ServerCommand } from "../src/server-process.ts";
import { findOpenssh } from "../src/sftp.ts";
import { COMPOSE_URLS, TEST_SERVICES } from "../src/test-services.ts";
import { findVersitygw } from "../src/versitygw.ts";
import { describeUnless } from "../src/vitest.ts";
import { describeServer } from "./describe-server.ts";

interface Service {
  readonly command: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
}

const compose = parse(readFileSync(new URL("../../../docker-compose.yml", import.meta.url), "utf8")) as {
  readonly services: Readonly<Record<"ftp" | "redis" | "s3" | "sftp", Service>>;
  readonly configs: { readonly proftpd: { readonly content: string } };
};

/** The words of a command, as a shell takes them apart. */
function words(command: Service["command"]): string[] {
  return (String(command).match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
}

function temporaryFolder(): string {
  const { path: folder, remove } = makeTemporaryDirectory("leat-compose-test");
  onTestFinished(remove);
  return folder;
}

async function start(command: ServerCommand, probe: () => Promise<unknown>): Promise<void> {
  const server = new ServerProcess(command);
  onTestFinished(() => server.stop());
  await server.waitUntilReady(probe);
}

/** The URL by which tests know the service, at another port. */
function urlAt(service: "redis" | "versitygw", port: number): URL {
  const url = new URL(COMPOSE_URLS[service] as string);
  url.port = String(port);
  return url;
}

describe("docker-compose.yml", () => {
  it("has the ports and passwords by which the tests know its servers", () => {
    const services = JSON.stringify(compose.services);
    for (const url of Object.values(COMPOSE_URLS).map((text) => new URL(text))) {
      expect(services).toContain(`"127.0.0.1:${url.port}:`);
      expect(services).toContain(url.password);
    }
  });
});

describeServer("redis")("Redis as in docker-compose.yml", () => {
  it("is one that the tests can use, and wants their password", async () => {
    const port = await freePort();
    const [, ...args] = words(compose.services.redis.command);
    const url = urlAt("redis", port);
    const ask = async (): Promise<string> => {
      const redis = new Redis(url.href, { retryStrategy: () => null, lazyConnect: true });
      redis.on("error", () => {});
      return redis.ping().finally(() => redis.disconnect());
    };
    const command = findRedis() as string;
    const place = ["--port", String(port), "--bind", LOCALHOST];
    await start({ name: "Redis", command, args: [...args, ...place], directory: temporaryFolder() }, ask);
    expect(await ask()).toBe("PONG");
    url.password = "";
    await expect(ask()).rejects.toThrow("NOAUTH");
  });
});

const withoutVersitygw = TEST_SERVICES.versitygw.missing();
describeUnless(withoutVersitygw, "versitygw")("S3 as in docker-compose.yml", () => {
  it("is one that the tests can use", async () => {
    const directory = temporaryFolder();
    const port = await freePort();
    const { command, environment } = compose.services.s3;
    for (const name of ["objects", "metadata"]) mkdirSync(path.join(directory, name));
    const args = words(command).map((word) => word.replace(/^\/(?=objects|metadata)/, `${directory}/`));
    const { endpoint, region, accessKeyId, secretAccessKey } = TEST_SERVICES.versitygw.fromUrl(
      urlAt("versitygw", port),
    );
    const client = new S3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    onTestFinished(() => client.destroy());
    const server = { name: "versitygw", command: findVersitygw() as string, args, directory };
    await start({ ...server, environment: { ...environment, VGW_PORT: `${LOCALHOST}:${port}` } }, () =>
      fetch(`${endpoint}/health`),
    );
    expect((await client.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  });
});

describeServer("sftp")("OpenSSH as in docker-compose.yml", () => {
  it("takes its options beside the settings of Debian", () => {
    if (isRoot()) mkdirSync("/run/sshd", { recursive: true });
    const directory = temporaryFolder();
    const { keygen, server } = findOpenssh() as NonNullable<ReturnType<typeof findOpenssh>>;
    const key = path.join(directory, "key");
    spawnSync(keygen, ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const line = /exec \/usr\/sbin\/sshd (.*)/s.exec(String(compose.services.sftp.command))?.[1] as string;
    const checked = spawnSync(server, ["-t", ...words(line.replaceAll("\\\n", "")), "-h", key], {
      encoding: "utf8",
    });
    expect(checked).toMatchObject({ stderr: "", status: 0 });
  });
});

describeServer("ftp")("ProFTPD as in docker-compose.yml", () => {
  it("takes its settings", async () => {
    const directory = temporaryFolder();
    const { certificateFile, keyFile } = await makeCertificates(path.join(directory, "tls"), {
      kind: "self",
    });
    writePrivateFile(path.join(directory, "leat.passwd"), "");
    const content = compose.configs.proftpd.content
      .replaceAll("/tmp/leat-compose/ftp-ca.pem", certificateFile)
      .replaceAll("/etc/proftpd/leat.key", keyFile)
      .replaceAll("/etc/proftpd/", `${directory}/`);
    const file = writePrivateFile(path.join(directory, "leat.conf"), content);
    const checked = spawnSync(findProftpd() as string, ["-t", "-c", file], { encoding: "utf8" });
    expect(checked.stderr).not.toContain("fatal");
    expect(checked.status).toBe(0);
  });
});
