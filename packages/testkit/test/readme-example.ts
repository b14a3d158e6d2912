import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isTemporaryPath, LocalFileSystem, LocalTarget } from "@leat/core";
import { fileTargetSuite } from "@leat/testkit";
import { describe, it } from "vitest"; // or "node:test"

fileTargetSuite({ describe, it }, "LocalTarget", async () => {
  const directory = await mkdtemp(join(tmpdir(), "store-"));
  return {
    fileSystem: new LocalFileSystem(),
    root: "/",
    target: (path, options) => new LocalTarget(`${directory}/${path}`, options),
    leftovers: async () => (await readdir(directory, { recursive: true })).filter(isTemporaryPath),
    dispose: () => rm(directory, { recursive: true }),
  };
});
