import { describeWith, type FtpConnection, testService } from "@leat-internal/dev-servers/vitest";
import { FtpFileSystem } from "@leat/ftp";
import type { FileWorkspace } from "@leat/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openFtpWorkspace, optionsFor } from "./ftp-workspace.ts";

describeWith("ftp")("with implicit TLS", () => {
  let server: FtpConnection;
  let workspace: FileWorkspace;
  beforeEach(async () => {
    server = await testService("ftp");
    workspace = await openFtpWorkspace(server, "implicit");
  });
  afterEach(() => workspace.dispose());

  // Larger than what is sent at a time, and than what the system holds for a connection.
  const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) >> 8));

  it("files go up and down, are listed, moved and removed", async () => {
    const [target, moved] = [workspace.target("a b/ä.bin"), workspace.target("c/d.bin")];
    await target.writeBytes(content);
    expect((await target.readBytes()).equals(content)).toBe(true);
    await target.moveTo(moved);
    const found: string[] = [];
    for await (const path of workspace.fileSystem.list(workspace.target("c").path)) found.push(path);
    expect(found).toEqual([moved.path]);
    expect(await moved.remove()).toBe(true);
    expect(await moved.exists()).toBe(false);
  });

  it("an empty file arrives at once", async () => {
    for (let time = 0; time < 20; time++) await workspace.target(`empty-${time}`).writeFrom([]);
    expect(await workspace.target("empty-19").size()).toBe(0);
  });

  it("a certificate that nobody vouches for is refused", async () => {
    const { ca: _, ...untrusting } = optionsFor(server, "implicit");
    const asked = new FtpFileSystem(untrusting).exists("a");
    await expect(asked).rejects.toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
  });

  it("a port that expects another kind of connection is an error, not a wait without end", async () => {
    const options = { ...optionsFor(server, "implicit"), timeoutMs: 1000 };
    const plainPort = new FtpFileSystem({ ...options, port: server.port });
    await expect(plainPort.exists("a")).rejects.toMatchObject({
      code: expect.stringMatching(/TARGET_(UNAVAILABLE|TIMEOUT)/),
    });
    const explicit = new FtpFileSystem({ ...options, tls: "explicit" });
    await expect(explicit.exists("a")).rejects.toMatchObject({
      code: expect.stringMatching(/TARGET_(UNAVAILABLE|TIMEOUT)/),
    });
  });
});
