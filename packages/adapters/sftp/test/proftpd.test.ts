import { chmodSync, mkdirSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { startFtp, type FtpServer } from "@leat-internal/dev-servers";
import { describeWithOwn } from "@leat-internal/dev-servers/vitest";
import { isTemporaryPath } from "@leat/core";
import { SftpFileSystem, type SftpTarget } from "@leat/sftp";
import { type FileWorkspace, fileTargetSuite } from "@leat/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pattern } from "./helpers.ts";
import { filesAt } from "./sftp-workspace.ts";

// Not OpenSSH: it takes 32 KiB in a request, and has extensions of its own.
describeWithOwn("ftp")("over ProFTPD", () => {
  let server: FtpServer;
  let fileSystem: SftpFileSystem;
  let places = 0;

  beforeAll(async () => {
    server = await startFtp();
    const { host, sftpPort: port, user, password } = server;
    fileSystem = new SftpFileSystem({ connection: { host, port, user, password, acceptAnyHostKey: true } });
  });
  afterAll(async () => {
    await fileSystem.close();
    await server.stop();
  });

  const openPlace = (): FileWorkspace => {
    const directory = join(server.home, `place-${++places}`);
    mkdirSync(directory);
    chmodSync(directory, 0o777);
    return {
      ...filesAt(directory, fileSystem),
      leftovers: async () => (await readdir(directory, { recursive: true })).filter(isTemporaryPath),
      dispose: () => rm(directory, { recursive: true, maxRetries: 5 }),
    };
  };

  it("keeps what is written in chunks whose memory is used again at once", async () => {
    const place = openPlace();
    const target = place.target("a.bin") as SftpTarget;
    const chunk = Buffer.alloc(100_000);
    const writer = await fileSystem.openWrite(target.path);
    const written = Array.from({ length: 40 }, (_, index) => pattern(100_000 + index).subarray(index));
    for (const bytes of written) {
      bytes.copy(chunk);
      await writer.write(chunk);
    }
    await writer.commit();
    expect((await readFile(target.path)).equals(Buffer.concat(written))).toBe(true);
    await place.dispose();
  });

  fileTargetSuite({ describe, it }, "SftpTarget", async () => openPlace());
});
