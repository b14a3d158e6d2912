import { MemoryFileSystem, MemoryTarget } from "@leat/core";
import { afterEach, describe, expect, it } from "vitest";

describe("files in memory", () => {
  afterEach(() => new MemoryTarget("any").fileSystem.clear());

  it("are shared by all targets of the process unless they are given files of their own", async () => {
    await new MemoryTarget("a.txt").writeText("shared");
    expect(await new MemoryTarget("a.txt").readText()).toBe("shared");
    expect(await new MemoryTarget("a.txt", { fileSystem: new MemoryFileSystem() }).exists()).toBe(false);
  });

  it("are gone after clear", async () => {
    const file = new MemoryTarget("a.txt");
    await file.writeText("a");
    file.fileSystem.clear();
    expect(await file.exists()).toBe(false);
  });

  it("can be a file and a directory under one name, as in an object store", async () => {
    const fileSystem = new MemoryFileSystem();
    const file = (path: string): MemoryTarget => new MemoryTarget(path, { fileSystem });
    await file("a").writeText("file");
    await file("a/b").writeText("below");
    expect(await file("a").readText()).toBe("file");
    expect(await file("a").remove()).toBe(true);
    expect(await file("a/b").readText()).toBe("below");
    await file("a").writeText("file");
    expect(await file("a").remove({ recursive: true })).toBe(true);
    expect(await file("a/b").exists()).toBe(false);
  });
});
