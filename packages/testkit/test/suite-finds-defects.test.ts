import { Readable } from "node:stream";
import type { FileStat, FileWriter } from "@leat/core";
import { fileTargetSuite, type FileWorkspace, type TestContext } from "@leat/testkit";
import { describe, expect, it } from "vitest";
import { OpenMemoryFileSystem, openMemoryWorkspace } from "./memory-workspace.ts";

/** Stores with one defect each, by the statement of the suite that it breaks. */
const DEFECTS: Readonly<Record<string, () => OpenMemoryFileSystem>> = {
  "exists() is false while a writer is open, however much it has written": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openWrite(path: string): Promise<FileWriter> {
        await (await super._openWrite(path, false)).commit();
        return super._openWrite(path, false);
      }
    })(),

  "exists() is false for the beginning of a name": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _stat(path: string): Promise<FileStat | undefined> {
        const found = await super._stat(path);
        return found ?? (path.endsWith("/ab") ? { kind: "file", size: 1, modifiedAt: 0 } : undefined);
      }
    })(),

  "the bytes read are the bytes written, all 256 of them": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openWrite(path: string, exclusive: boolean): Promise<FileWriter> {
        const writer = await super._openWrite(path, exclusive);
        const asText = (chunk: Uint8Array): Buffer => Buffer.from(Buffer.from(chunk).toString());
        return { ...writer, write: (chunk) => writer.write(asText(chunk)) };
      }
    })(),

  "a file of a multiple of the part size comes back the same": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openRead(path: string, start: number): Promise<Readable> {
        const content = await bytesOf(await super._openRead(path, start));
        const end = content.length % 262_144 === 0 ? content.length - 1 : content.length;
        return Readable.from([content.subarray(0, end)], { objectMode: false });
      }
    })(),

  "memory stays small while a large file is written and read": () =>
    new (class extends OpenMemoryFileSystem {
      override readonly capabilities = {
        ...new OpenMemoryFileSystem().capabilities,
        streaming: true,
      } as never;
    })(),

  "a chunk may be used again once the writer has taken it": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openWrite(path: string, exclusive: boolean): Promise<FileWriter> {
        const writer = await super._openWrite(path, exclusive);
        const chunks: Uint8Array[] = [];
        const commit = async (): Promise<void> => {
          for (const chunk of chunks) await writer.write(chunk);
          await writer.commit();
        };
        return { ...writer, write: async (chunk) => void chunks.push(chunk), commit };
      }
    })(),

  "an exception in the source leaves nothing, and is what writing rejects with": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openWrite(path: string, exclusive: boolean): Promise<FileWriter> {
        const writer = await super._openWrite(path, exclusive);
        return { ...writer, abort: () => writer.commit() };
      }
    })(),

  "an abort rejects with its reason and leaves nothing": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openWrite(path: string, exclusive: boolean): Promise<FileWriter> {
        const temporary = this.temporaryPath(path);
        const writer = await super._openWrite(temporary, exclusive);
        await (await super._openWrite(temporary, exclusive)).commit();
        const commit = async (): Promise<void> => {
          await writer.commit();
          await this._rename(temporary, path, exclusive);
        };
        return { ...writer, commit };
      }
    })(),

  "a shorter new content leaves no tail of the old one": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openWrite(path: string, exclusive: boolean): Promise<FileWriter> {
        const old = (await this.exists(path))
          ? await bytesOf(await super._openRead(path, 0))
          : Buffer.alloc(0);
        const writer = await super._openWrite(path, exclusive);
        let length = 0;
        return {
          abort: () => writer.abort(),
          write: async (chunk) => {
            length += chunk.length;
            await writer.write(chunk);
          },
          commit: async () => {
            await writer.write(old.subarray(length));
            await writer.commit();
          },
        };
      }
    })(),

  "of several exclusive writers exactly one succeeds": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openWrite(path: string): Promise<FileWriter> {
        return super._openWrite(path, false);
      }
    })(),

  "a missing file is an error before any byte": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openRead(path: string, start: number): Promise<Readable> {
        return (await this._stat(path)) === undefined ? Readable.from([]) : super._openRead(path, start);
      }
    })(),

  "reading can start at any byte": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openRead(path: string): Promise<Readable> {
        return super._openRead(path, 0);
      }
    })(),

  "an abort ends a reader with its reason": () =>
    new (class extends OpenMemoryFileSystem {
      override async openRead(path: string): Promise<Readable> {
        return super.openRead(path);
      }
    })(),

  "removing one name leaves those that begin with it": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _remove(path: string, recursive: boolean): Promise<boolean> {
        const removed = await super._remove(path, recursive);
        return (await super._remove(`${path}b`, recursive)) || removed;
      }
    })(),

  "the root is never removed": () =>
    new (class extends OpenMemoryFileSystem {
      protected override isRoot(): boolean {
        return false;
      }
    })(),

  "list() gives more than a thousand files, each once, while others are made, and one removal takes them all":
    () =>
      new (class extends OpenMemoryFileSystem {
        protected override async *_list(path: string, recursive: boolean): AsyncGenerator<string> {
          let count = 0;
          for await (const found of super._list(path, recursive)) if (count++ < 1000) yield found;
        }
      })(),

  "list() leaves out what is in the making": () =>
    new (class extends OpenMemoryFileSystem {
      override async *list(path: string): AsyncGenerator<string, void, undefined> {
        yield* this._list(path, true);
      }
    })(),

  "moving a missing file is an error and leaves the destination": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _rename(from: string, to: string, exclusive: boolean): Promise<void> {
        await this._remove(to, false);
        await super._rename(from, to, exclusive);
      }
    })(),

  "a copy leaves the source, has the same content and tells its size": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _copy(from: string, to: string, exclusive: boolean): Promise<number> {
        const size = await super._copy(from, to, exclusive);
        await this._remove(from, false);
        return size;
      }
    })(),

  "a file has exactly the name that it was given": () =>
    new (class extends OpenMemoryFileSystem {
      protected override async _openWrite(path: string, exclusive: boolean): Promise<FileWriter> {
        return super._openWrite(path.normalize("NFC"), exclusive);
      }
    })(),

  "NUL, line ends and climbing are refused in every operation": () =>
    new (class extends OpenMemoryFileSystem {
      protected override checkPath(): void {
        // Everything is fine.
      }
    })(),

  "stat() tells when a file was written": () =>
    new (class extends OpenMemoryFileSystem {
      override readonly capabilities = {
        ...new OpenMemoryFileSystem().capabilities,
        modifiedTime: false,
      };
    })(),
};

describe("the suite finds a store out of which", () => {
  for (const [statement, open] of Object.entries(DEFECTS)) {
    it(`it is not true that ${statement}`, async () => {
      await expect(outcomeOf(statement, () => openMemoryWorkspace(open()))).resolves.toBe("failed");
      await expect(outcomeOf(statement, () => openMemoryWorkspace())).resolves.not.toBe("failed");
    });
  }
});

/** Runs one test of the suite. */
async function outcomeOf(statement: string, factory: () => FileWorkspace): Promise<string> {
  const bodies = new Map<string, (context: TestContext) => Promise<void>>();
  const runner = {
    describe: (_name: string, body: () => void) => body(),
    it: (name: string, body: (context: TestContext) => Promise<void>) => void bodies.set(name, body),
  };
  fileTargetSuite(runner, "a store", factory);
  const reasons: string[] = [];
  try {
    await bodies.get(statement)?.({ skip: (reason) => void reasons.push(reason) });
    return reasons[0] ?? "passed";
  } catch {
    return "failed";
  }
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  return Buffer.concat(await stream.toArray());
}
