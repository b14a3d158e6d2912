import { isTemporaryPath } from "@leat/core";
import { fileTargetSuite } from "@leat/testkit";
import { describe, it } from "vitest";
import { ExampleClient } from "../src/client.ts";
import { ExampleFileSystem } from "../src/file-system.ts";
import { ExampleTarget } from "../src/target.ts";

/** An empty place in the store: each test gets one of its own. */
fileTargetSuite({ describe, it }, "ExampleTarget", async () => {
  const client = new ExampleClient();
  const fileSystem = new ExampleFileSystem(client);
  return {
    fileSystem,
    root: "/",
    target: (path, options) => new ExampleTarget(`/place/${path}`, { ...options, fileSystem }),
    leftovers: async () => (await client.keys("/place/")).filter(isTemporaryPath),
    openSecondClient: async () => {
      const second = new ExampleFileSystem(client);
      return {
        fileSystem: second,
        root: "/",
        target: (path, options) => new ExampleTarget(`/place/${path}`, { ...options, fileSystem: second }),
        dispose: () => second.close(),
      };
    },
    dispose: () => fileSystem.close(),
  };
});
