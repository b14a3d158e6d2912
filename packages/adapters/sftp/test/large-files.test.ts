import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, testService, type SftpConnection } from "@leat-internal/dev-servers/vitest";
import { SftpFileSystem, SftpTarget } from "@leat/sftp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pattern } from "./helpers.ts";
import { settingsFor } from "./sftp-workspace.ts";

const MIB = 1024 * 1024;
const isSlow = process.env["LEAT_SLOW_TESTS"] === "1";
const FILE_MIB = isSlow ? 1024 : 128;
const MOST_GROWTH_BYTES = 64 * MIB;
const PART = pattern(MIB);

describeWith("sftp")("a large file", () => {
  let server: SftpConnection;
  let directory: string;
  beforeAll(async () => {
    server = await testService("sftp");
    directory = mkdtempSync(join(tmpdir(), "leat-sftp-large-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it(`of ${FILE_MIB} MiB goes up and comes down in less than 64 MiB of memory`, async () => {
    const connection = new SftpFileSystem({ connection: settingsFor(server) });
    const target = new SftpTarget(join(directory, "large"), { connection });
    // What is loaded and allocated once is no growth.
    await roundTrip(target, 32, () => undefined);
    const before = process.memoryUsage().rss;
    let most = 0;
    await roundTrip(target, FILE_MIB, () => {
      most = Math.max(most, process.memoryUsage().rss - before);
    });
    console.info(`${FILE_MIB} MiB up and down: ${(most / MIB).toFixed(0)} MiB more in memory`);
    expect(most).toBeLessThan(MOST_GROWTH_BYTES);
    await connection.close();
  }, 300_000);
});

async function roundTrip(target: SftpTarget, mebibytes: number, watch: () => void): Promise<void> {
  const [sent, received] = [createHash("sha256"), createHash("sha256")];
  function* source(): Generator<Buffer> {
    for (let index = 0; index < mebibytes; index++) {
      watch();
      sent.update(PART);
      yield PART;
    }
  }
  await target.writeFrom(source());
  for await (const chunk of await target.createReadStream()) {
    watch();
    received.update(chunk as Buffer);
  }
  expect(received.digest("hex")).toBe(sent.digest("hex"));
}
