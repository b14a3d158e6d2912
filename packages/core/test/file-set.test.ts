import { FileTarget, gzip, MemoryFileSystem, publishTogether } from "@leat/core";
import { describe, expect, it } from "vitest";
import { leatError } from "./support.ts";

/** A store whose process dies after so many changes: from then on nothing it does has an effect. */
class MortalFileSystem extends MemoryFileSystem {
  changesLeft = Infinity;

  protected override async _rename(from: string, to: string, exclusive: boolean): Promise<void> {
    this.#change();
    await super._rename(from, to, exclusive);
  }
  protected override async _remove(path: string, recursive: boolean): Promise<boolean> {
    this.#change();
    return super._remove(path, recursive);
  }
  #change(): void {
    if (this.changesLeft-- <= 0) throw new Error("dead");
  }
}

class MortalTarget extends FileTarget {
  override readonly fileSystem: MortalFileSystem;
  constructor(path: string, fileSystem: MortalFileSystem) {
    super(path, path.endsWith(".gz") ? { format: gzip() } : {});
    this.fileSystem = fileSystem;
  }
}

const NAMES = ["/set/a.txt", "/set/b.txt.gz", "/set/c.txt"];

function setIn(fileSystem: MortalFileSystem) {
  const [a, b, c] = NAMES.map((name) => new MortalTarget(name, fileSystem)) as [
    MortalTarget,
    MortalTarget,
    MortalTarget,
  ];
  return { a, b, c };
}

async function writeAll(set: ReturnType<typeof setIn>, content: string): Promise<void> {
  await publishTogether(set, async ({ a, b, c }) => {
    await c.writeText(content);
    await Promise.all([a.writeText(content), b.writeText(content)]);
  });
}

/** The different contents of the files that are there, and whether all are. */
async function look(set: ReturnType<typeof setIn>) {
  const contents = await Promise.all(
    Object.values(set).map(async (file) => ((await file.exists()) ? await file.readText() : undefined)),
  );
  return { isWhole: contents.every((content) => content !== undefined), contents: new Set(contents) };
}

async function namesIn(fileSystem: MemoryFileSystem): Promise<string[]> {
  const names: string[] = [];
  for await (const name of fileSystem.listTemporary("/set")) names.push(name);
  return names;
}

describe("publishTogether()", () => {
  it("publishes all files, each in its own format, and leaves nothing else", async () => {
    const fileSystem = new MortalFileSystem();
    const set = setIn(fileSystem);
    await writeAll(set, "new");
    expect(await look(set)).toEqual({ isWhole: true, contents: new Set(["new"]) });
    expect((await fileSystem.openRead("/set/b.txt.gz")).read()).not.toEqual(Buffer.from("new"));
    expect(await namesIn(fileSystem)).toEqual([]);
  });

  it("gives files in the making in the shape of the set, which show their final names", async () => {
    const { a, b } = setIn(new MortalFileSystem());
    await publishTogether([a, b], async ([first, second]) => {
      expect([String(first), String(second)]).toEqual(["/set/a.txt", "/set/b.txt.gz"]);
      await first.writeText("1");
      expect(await a.exists()).toBe(false);
      await second.writeText("2");
    });
    expect([await a.readText(), await b.readText()]).toEqual(["1", "2"]);
  });

  it.each(["new", "replaced"])(
    "has a set that is %s whole or without its last file, wherever the process dies",
    async (kind) => {
      let deaths = 0;
      for (let changes = 0; ; changes++) {
        const fileSystem = new MortalFileSystem();
        const set = setIn(fileSystem);
        if (kind === "replaced") await writeAll(set, "old");
        fileSystem.changesLeft = changes;
        const isDead = await writeAll(set, "new").then(
          () => false,
          () => true,
        );
        const { isWhole, contents } = await look(set);
        expect(isWhole ? contents.size : 1).toBe(1);
        expect(isWhole || !(await set.c.exists())).toBe(true);
        if (!isDead) break;
        deaths++;
        fileSystem.changesLeft = Infinity;
        await writeAll(set, "next run");
        expect(await look(set)).toEqual({ isWhole: true, contents: new Set(["next run"]) });
      }
      expect(deaths).toBe(4);
    },
  );

  it("publishes nothing and leaves nothing when writing fails", async () => {
    const fileSystem = new MortalFileSystem();
    const set = setIn(fileSystem);
    await writeAll(set, "old");
    const failing = publishTogether(set, async ({ a }) => {
      await a.writeText("new");
      expect(await namesIn(fileSystem)).toHaveLength(1);
      throw new Error("no more");
    });
    await expect(failing).rejects.toThrow("no more");
    expect(await look(set)).toEqual({ isWhole: true, contents: new Set(["old"]) });
    expect(await namesIn(fileSystem)).toEqual([]);
  });

  it("publishes nothing when a file was not written, and names it", async () => {
    const set = setIn(new MortalFileSystem());
    const forgetful = publishTogether(set, ({ a, c }) =>
      Promise.all([a.writeText("x"), c.writeText("x")]).then(() => undefined),
    );
    await expect(forgetful).rejects.toThrow(leatError("TARGET_NOT_FOUND", "b.txt.gz was not written"));
    expect(await set.a.exists()).toBe(false);
  });

  it("publishes nothing once its signal is aborted", async () => {
    const set = setIn(new MortalFileSystem());
    const abort = new AbortController();
    const written = publishTogether(
      set,
      async (files) => {
        for (const file of Object.values(files)) await file.writeText("x");
        abort.abort(new Error("enough"));
      },
      { signal: abort.signal },
    );
    await expect(written).rejects.toThrow("enough");
    expect((await look(set)).contents).toEqual(new Set([undefined]));
  });
});
