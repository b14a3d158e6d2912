import { spawnSync } from "node:child_process";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzip, LocalFileSystem, LocalTarget } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { leatError } from "./support.ts";

const store = new LocalFileSystem();
let directory: string;

beforeEach(async () => {
  directory = await fs.mkdtemp(join(tmpdir(), "leat-core-"));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await fs.rm(directory, { recursive: true });
});

describe("local paths", () => {
  it.each(["a/../b", "./a/../b", "/a/../b", "../a/..", "a/.."])(
    "do not climb after a name: %s",
    async (path) => {
      await expect(store.exists(path)).rejects.toEqual(leatError("PATH_INVALID", JSON.stringify(path), ".."));
    },
  );

  it("may climb first", async () => {
    expect(await store.isDirectory("..")).toBe(true);
    expect(await store.isDirectory("../..")).toBe(true);
    expect(await store.exists("./../no-such-file")).toBe(false);
    expect(await store.exists("a..b/..c")).toBe(false);
  });

  it("count from the working directory when they are relative", async () => {
    const before = process.cwd();
    process.chdir(directory);
    try {
      await new LocalTarget("out/a.txt").writeText("a");
      expect(await new LocalTarget("./out//a.txt").readText()).toBe("a");
      const found = [];
      for await (const path of store.list("./out")) found.push(path);
      expect(found).toEqual(["./out/a.txt"]);
    } finally {
      process.chdir(before);
    }
    expect(await fs.readFile(join(directory, "out/a.txt"), "utf8")).toBe("a");
  });

  it("are the same file in every spelling, so that moving it onto itself keeps it", async () => {
    const target = new LocalTarget(`${directory}/a.txt`);
    await target.writeText("a");
    for (const spelling of [`${directory}/./a.txt`, `${directory}//a.txt`]) {
      await target.moveTo(new LocalTarget(spelling));
      await target.moveTo(new LocalTarget(spelling, { format: gzip(), durability: "fsync" }));
      await new LocalTarget(spelling, { format: gzip() }).moveTo(target);
    }
    expect(await target.readText()).toBe("a");
  });

  it.each(["/", "//", "/.", "/./", "/tmp/../"])("never remove the root: %s", async (root) => {
    const remove = vi.spyOn(store as unknown as { _remove(): Promise<boolean> }, "_remove");
    remove.mockRejectedValue(new Error("the root would have been removed"));
    await expect(store.remove(root, { recursive: true })).rejects.toEqual(leatError("PATH_INVALID"));
  });
});

describe("local errors", () => {
  it("name what was done, the path, the reason and the cure, and keep the cause", async () => {
    const path = join(directory, "no.txt");
    const error = await new LocalTarget(path).readText().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "TARGET_NOT_FOUND",
      message: `Cannot read ${path}: no such file or directory (ENOENT). Nothing is there: check the path.`,
      details: { path, systemCode: "ENOENT" },
      retryable: false,
      cause: expect.objectContaining({ code: "ENOENT", syscall: "open" }),
    });
  });

  it("tell of a name that is too long", async () => {
    const target = new LocalTarget(join(directory, "n".repeat(256)));
    await expect(target.writeText("a")).rejects.toEqual(leatError("TARGET_UNSUPPORTED", "too long"));
  });

  it("tell of links that go round", async () => {
    const path = join(directory, "loop");
    await fs.symlink(path, path);
    await expect(store.exists(path)).rejects.toEqual(leatError("TARGET_UNAVAILABLE", "loop"));
  });
});

describe("local writing", () => {
  it("makes the temporary file beside the final one, named after it and this process", async () => {
    const writer = await store.openWrite(join(directory, "räksmörgås.csv"));
    const [name] = await fs.readdir(directory);
    expect(name).toMatch(new RegExp(`^\\.räksmörgås\\.csv\\.leat-tmp-${process.pid}-[0-9a-f]{12}$`));
    await writer.abort();
    expect(await fs.readdir(directory)).toEqual([]);
  });

  it("cuts the name of the temporary file where the whole would be too long", async () => {
    for (const name of ["n".repeat(255), "ä".repeat(127), "😀".repeat(63)]) {
      const writer = await store.openWrite(join(directory, name));
      const [temporary] = await fs.readdir(directory);
      expect(Buffer.byteLength(temporary as string)).toBeLessThanOrEqual(255);
      expect(temporary).not.toContain("\uFFFD");
      await writer.commit();
      expect(await fs.readdir(directory)).toEqual([name]);
      await store.remove(join(directory, name));
    }
  });

  it("replaces a link and leaves what it led to", async () => {
    await fs.writeFile(join(directory, "real.txt"), "real");
    await fs.symlink("real.txt", join(directory, "link.txt"));
    await new LocalTarget(join(directory, "link.txt")).writeText("new");
    expect(await fs.readFile(join(directory, "real.txt"), "utf8")).toBe("real");
    expect((await fs.lstat(join(directory, "link.txt"))).isFile()).toBe(true);
  });

  it("finds a link that leads nowhere in the way of an exclusive write", async () => {
    await fs.symlink("nothing", join(directory, "link.txt"));
    const target = new LocalTarget(join(directory, "link.txt"));
    await expect(target.writeText("a", { exclusive: true })).rejects.toEqual(leatError("TARGET_EXISTS"));
    expect(await fs.readdir(directory)).toEqual(["link.txt"]);
  });

  it("makes gzip that the gunzip program reads", async ({ skip }) => {
    skip(spawnSync("gunzip", ["--version"]).status !== 0, "there is no gunzip program");
    const target = new LocalTarget(join(directory, "a.gz"), { format: gzip() });
    const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
    await target.writeLines(lines);
    const { stdout, status } = spawnSync("gunzip", ["--stdout", target.path], {
      encoding: "utf8",
      maxBuffer: 10_000_000,
    });
    expect(status).toBe(0);
    expect(stdout).toBe(`${lines.join("\n")}\n`);
  });
});

describe("durability", () => {
  it("flushes the file before its name is there, then the directories with new names", async () => {
    const synced = await spyOnSync();
    const target = new LocalTarget(join(directory, "x/y/a.txt"), { durability: "fsync" });
    const seen: (readonly [string, boolean])[] = [];
    synced.mockImplementation(async function (this: fs.FileHandle) {
      const kind = (await this.stat()).isDirectory() ? "directory" : "file";
      seen.push([kind, await target.exists()]);
    });
    await target.writeText("a");
    expect(seen).toEqual([
      ["directory", false],
      ["directory", false],
      ["file", false],
      ["directory", true],
    ]);
  });

  it("flushes what is copied and moved", async () => {
    const synced = await spyOnSync();
    const [a, b, c] = ["a", "b", "c"].map(
      (name) => new LocalTarget(join(directory, name), { durability: "fsync" }),
    ) as [LocalTarget, LocalTarget, LocalTarget];
    await a.writeText("a");
    synced.mockClear();
    await a.copyTo(b);
    expect(synced).toHaveBeenCalledTimes(2);
    synced.mockClear();
    await b.moveTo(c);
    expect(synced).toHaveBeenCalledTimes(2);
  });

  it("flushes nothing unless asked", async () => {
    const synced = await spyOnSync();
    const target = new LocalTarget(join(directory, "x/a.txt"));
    await target.writeText("a");
    await target.copyTo(new LocalTarget(join(directory, "b.txt")));
    await target.moveTo(new LocalTarget(join(directory, "y/c.txt")));
    expect(synced).not.toHaveBeenCalled();
  });
});

describe("local moving", () => {
  it("takes a file and a directory to another device", async ({ skip }) => {
    const elsewhere = (await directoryOnAnotherDevice()) ?? skip("there is no directory on another device");
    try {
      await new LocalTarget(join(directory, "a.txt")).writeText("a");
      await new LocalTarget(join(directory, "dir/sub/b.txt")).writeText("b");
      await fs.symlink("sub/b.txt", join(directory, "dir/link"));
      await fs.utimes(join(directory, "a.txt"), 1000, 1000);

      await store.rename(join(directory, "a.txt"), join(elsewhere, "new/a.txt"));
      await store.rename(join(directory, "dir"), join(elsewhere, "new/dir"));

      expect(await fs.readdir(directory)).toEqual([]);
      expect((await fs.readdir(join(elsewhere, "new"))).sort()).toEqual(["a.txt", "dir"]);
      expect((await fs.stat(join(elsewhere, "new/a.txt"))).mtimeMs).toBe(1_000_000);
      expect(await fs.readFile(join(elsewhere, "new/dir/link"), "utf8")).toBe("b");

      await new LocalTarget(join(directory, "a.txt")).writeText("other");
      const move = store.rename(join(directory, "a.txt"), join(elsewhere, "new/a.txt"), { exclusive: true });
      await expect(move).rejects.toEqual(leatError("TARGET_EXISTS"));
      expect(await fs.readdir(directory)).toEqual(["a.txt"]);
    } finally {
      await fs.rm(elsewhere, { recursive: true });
    }
  });

  it("keeps what came to the destination of an exclusive move at the last moment", async () => {
    await new LocalTarget(join(directory, "from/a.txt")).writeText("a");
    const look = vi.spyOn(store as unknown as { _stat(): Promise<unknown> }, "_stat");
    look.mockImplementationOnce(async () => {
      await new LocalTarget(join(directory, "to/b.txt")).writeText("b");
      return undefined;
    });
    const move = store.rename(join(directory, "from"), join(directory, "to"), { exclusive: true });
    await expect(move).rejects.toEqual(leatError("TARGET_EXISTS"));
    expect(await fs.readdir(join(directory, "to"))).toEqual(["b.txt"]);
    expect(await fs.readdir(join(directory, "from"))).toEqual(["a.txt"]);
  });
});

describe("a local move that is not permitted", () => {
  it.each([true, false])("leaves the source and nothing else (exclusive: %s)", async (exclusive) => {
    await new LocalTarget(join(directory, "from/a.txt")).writeText("a");
    // Linux links only what may be written.
    await fs.chmod(join(directory, "from/a.txt"), 0o666);
    await withMode("from", 0o555, async () => {
      const move = store.rename(join(directory, "from/a.txt"), join(directory, "b.txt"), { exclusive });
      await expect(move).rejects.toEqual(leatError("TARGET_FORBIDDEN", "from/a.txt"));
    });
    expect(await fs.readdir(directory, { recursive: true })).toEqual(["from", "from/a.txt"]);
  });
});

describe("local listing", () => {
  it("goes on when a directory is removed meanwhile", async () => {
    for (const name of ["a", "b", "c"]) await new LocalTarget(join(directory, name, "x.txt")).writeText("x");
    const found = [];
    for await (const path of store.list(directory)) {
      found.push(path);
      for (const name of ["a", "b", "c"])
        await fs.rm(join(directory, name), { recursive: true, force: true });
    }
    expect(found).toHaveLength(1);
  });

  it("is refused for a directory that may not be read", async ({ skip }) => {
    skip(process.seteuid === undefined, "this system has no permissions to take away");
    await new LocalTarget(join(directory, "locked/a.txt")).writeText("a");
    await withMode("locked", 0o000, async () => {
      await expect(store.list(directory).next()).rejects.toEqual(leatError("TARGET_FORBIDDEN", "locked"));
    });
  });
});

/** Lets `act` work without the rights of root, which no permission stops, while a directory has other permissions. */
async function withMode(name: string, mode: number, act: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  await fs.chmod(directory, 0o777);
  await fs.chmod(join(directory, name), mode);
  if (isRoot) process.seteuid?.(65_534);
  try {
    await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
    await fs.chmod(join(directory, name), 0o777);
  }
}

async function spyOnSync() {
  const handle = await fs.open(directory, "r");
  const synced = vi.spyOn(Object.getPrototypeOf(handle) as fs.FileHandle, "sync");
  await handle.close();
  return synced;
}

async function directoryOnAnotherDevice(): Promise<string | undefined> {
  const here = (await fs.stat(directory)).dev;
  const there = await fs.stat("/dev/shm").catch(() => undefined);
  if (there === undefined || there.dev === here) return undefined;
  return fs.mkdtemp("/dev/shm/leat-core-");
}
