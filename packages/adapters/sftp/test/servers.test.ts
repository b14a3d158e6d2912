import { mkdtempSync } from "node:fs";
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSftp, type SftpServer } from "@leat-internal/dev-servers";
import { describeWithOwn } from "@leat-internal/dev-servers/vitest";
import { SftpFileSystem, SftpTarget } from "@leat/sftp";
import { fileTargetSuite } from "@leat/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { failureOf, pattern } from "./helpers.ts";
import { openSftpWorkspace, settingsFor } from "./sftp-workspace.ts";

// OpenSSH neither offers nor does what it is told to refuse.
const WITHOUT_EXTENSIONS = "internal-sftp -P posix-rename,hardlink,copy-data,limits";

describeWithOwn("sftp")("a server without the extensions of OpenSSH", () => {
  let server: SftpServer;
  let directory: string;

  beforeAll(async () => {
    const settings = { Subsystem: `sftp ${WITHOUT_EXTENSIONS}`, ForceCommand: WITHOUT_EXTENSIONS };
    server = await startSftp({ settings });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "leat-sftp-old-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const target = (allowReplaceGap: boolean): SftpTarget => {
    const connection = new SftpFileSystem({ connection: settingsFor(server), allowReplaceGap });
    return new SftpTarget(join(directory, "a.txt"), { connection });
  };

  it("is refused to replace a file, which stays, unless a gap is allowed", async () => {
    await target(false).writeText("first");
    const error = await failureOf(target(false).writeText("second"));
    expect(error.code).toBe("TARGET_UNSUPPORTED");
    expect(error.message).toContain("allowReplaceGap");
    expect(await readdir(directory)).toEqual(["a.txt"]);
    expect(await readFile(target(false).path, "utf8")).toBe("first");
  });

  it("replaces a file when a gap is allowed, which is then declared", async () => {
    await target(true).writeText("first");
    await target(true).writeText("second");
    expect(await target(true).readText()).toBe("second");
    expect(target(true).fileSystem.capabilities.atomicReplace).toBe(false);
    expect(target(false).fileSystem.capabilities.atomicReplace).toBe(true);
  });

  it("copies through this process", async () => {
    const content = pattern(3_000_000);
    await target(false).writeBytes(content);
    const copy = join(directory, "b.txt");
    expect(await target(false).fileSystem.copy(target(false).path, copy)).toBe(content.length);
    expect((await readFile(copy)).equals(content)).toBe(true);
    expect((await readdir(directory)).toSorted()).toEqual(["a.txt", "b.txt"]);
  });

  fileTargetSuite({ describe, it }, "SftpTarget, allowing a gap", () =>
    openSftpWorkspace(server, { allowReplaceGap: true }),
  );
});

describeWithOwn("sftp")("a name", () => {
  let server: SftpServer;
  let directory: string;
  let fileSystem: SftpFileSystem;

  beforeAll(async () => {
    server = await startSftp();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "leat-sftp-names-"));
    fileSystem = new SftpFileSystem({ connection: settingsFor(server) });
  });
  afterEach(async () => {
    await fileSystem.close();
    await rm(directory, { recursive: true });
  });

  /** `räka` in Latin-1. */
  const latin1 = (): Buffer =>
    Buffer.concat([Buffer.from(`${directory}/r`), Buffer.from([0xe4]), Buffer.from("ka")]);
  const listed = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const path of fileSystem.list(directory)) found.push(path);
    return found;
  };

  it("that is not UTF-8 is an error when it is listed, with the directory that it is in", async () => {
    await writeFile(latin1(), "a");
    const error = await failureOf(listed());
    expect(error.code).toBe("TARGET_UNSUPPORTED");
    expect(error.message).toContain("not UTF-8");
    expect(error.details["path"]).toBe(directory);
  });

  it("that is not UTF-8 keeps its directory from being removed, and is told", async () => {
    await writeFile(join(directory, "b.txt"), "b");
    await writeFile(latin1(), "a");
    const error = await failureOf(fileSystem.remove(directory, { recursive: true }));
    expect(error.code).toBe("TARGET_UNSUPPORTED");
    expect(await readdir(directory, { encoding: "buffer" })).toContainEqual(
      latin1().subarray(directory.length + 1),
    );
  });

  it("with a replacement character of its own is as good as any", async () => {
    const path = join(directory, "a\uFFFDb");
    await writeFile(path, "a");
    expect(await listed()).toEqual([path]);
  });

  it("with half of a character is refused", async () => {
    const error = await failureOf(fileSystem.exists(`${directory}/a\uD83D`));
    expect(error.code).toBe("PATH_INVALID");
  });

  it("that is too long for the server says so", async () => {
    const error = await failureOf(fileSystem.exists(`${directory}/${"n".repeat(300)}`));
    expect(error.code).toBe("TARGET_UNSUPPORTED");
  });

  it("that begins with a tilde, and a relative one, are below where the login starts", async () => {
    await new SftpTarget("~/a.txt", { connection: fileSystem }).writeText("a");
    expect(await readFile(join(server.home, "~", "a.txt"), "utf8")).toBe("a");
    const error = await failureOf(fileSystem.remove("./", { recursive: true }));
    expect(error.code).toBe("PATH_INVALID");
  });

  it("of a hard link is replaced, and the other one keeps the content", async () => {
    const [one, other] = [join(directory, "one"), join(directory, "other")];
    await writeFile(one, "old");
    await link(one, other);
    await new SftpTarget(one, { connection: fileSystem }).writeText("new");
    expect(await readFile(other, "utf8")).toBe("old");
  });
});
