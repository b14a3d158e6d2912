import { isTemporaryPath, MemoryFileSystem, MemoryTarget } from "@leat/core";
import type { FileWorkspace } from "@leat/testkit";

/** Shows also what listing leaves out. */
export class OpenMemoryFileSystem extends MemoryFileSystem {
  async temporaryPaths(): Promise<string[]> {
    const found: string[] = [];
    if (await this.exists("workspace")) {
      for await (const path of this._list("workspace", true)) found.push(path);
    }
    return found.filter(isTemporaryPath);
  }
}

export function openMemoryWorkspace(fileSystem = new OpenMemoryFileSystem()): FileWorkspace {
  return {
    fileSystem,
    target: (path, options) => new MemoryTarget(`workspace/${path}`, { ...options, fileSystem }),
    root: "/",
    leftovers: () => fileSystem.temporaryPaths(),
    dispose: async () => fileSystem.clear(),
  };
}
