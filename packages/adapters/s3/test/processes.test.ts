import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { onEachServer } from "./on-each-server.ts";
import { settingsFor } from "./s3-workspace.ts";

const MIB = 1024 ** 2;

/** The real size takes minutes on a slow machine: LEAT_SLOW_TESTS=1 asks for it. */
const MEBIBYTES = process.env["LEAT_SLOW_TESTS"] === "1" ? 1024 : 128;

const CHILD = fileURLToPath(new URL("./memory-child.ts", import.meta.url));

onEachServer("a process of its own", (at) => {
  it(`sends ${MEBIBYTES} MiB to S3 and back with less than 64 MiB more of memory, and ends by itself`, async () => {
    const directory = await mkdtemp(join(tmpdir(), "leat-s3-"));
    const file = join(directory, "large.bin");
    const path = `s3://${at.bucket}/${randomUUID()}`;
    const order = JSON.stringify({ path, file, mebibytes: MEBIBYTES, connection: settingsFor(at.server) });
    const options = ["--conditions=@leat/source", "--import=tsx", CHILD, order];
    const { stdout } = await promisify(execFile)(process.execPath, options);
    const { grownBytes, size } = JSON.parse(stdout) as { grownBytes: number; size: number };
    expect(size).toBe(MEBIBYTES * MIB);
    expect((await stat(file)).size).toBe(size);
    expect(grownBytes).toBeLessThan(64 * MIB);
    console.info(`resident memory grew by ${Math.round(grownBytes / MIB)} MiB`);
    await rm(directory, { recursive: true });
  }, 300_000);
});
