import assert from "node:assert/strict";
import type { FileTarget } from "@leat/core";
import { having, type Statements } from "./statements.ts";
import { assertNoLeftovers, hashOf, MIB, pattern, rejectsWith } from "./tools.ts";

const OLD = pattern(MIB + 17, 1);
const NEW = pattern(3000, 2);

export const replacing: Statements = {
  "a shorter new content leaves no tail of the old one": async (workspace) => {
    const target = workspace.target("a.bin");
    await target.writeBytes(OLD);
    await target.writeBytes(NEW);
    assert.equal(await target.size(), NEW.length);
    assert.equal(hashOf(await target.readBytes()), hashOf(NEW));
    await assertNoLeftovers(workspace);
  },

  "the old content is there until the new one is committed": async (workspace) => {
    const target = workspace.target("a.bin");
    await target.writeText("old");
    const writer = await workspace.fileSystem.openWrite(target.path);
    await writer.write(OLD);
    assert.equal(await target.readText(), "old");
    await writer.commit();
    assert.equal(hashOf(await target.readBytes()), hashOf(OLD));
  },

  "a reader sees the old or the new content while it is replaced": having(
    "atomicReplace",
    async (workspace) => {
      const target = workspace.target("a.bin");
      await target.writeBytes(OLD);
      const replacement = replaceOften(target);
      const seen = await readWhile(target, replacement);
      const valid = new Set([hashOf(OLD), hashOf(NEW)]);
      assert.ok(seen.length > 0 && seen.every((hash) => valid.has(hash)));
    },
  ),

  "an exclusive write does not replace": having("createOnly", async (workspace) => {
    const target = workspace.target("a.txt");
    await target.writeText("first", { exclusive: true });
    await rejectsWith(target.writeText("second", { exclusive: true }), "TARGET_EXISTS");
    assert.equal(await target.readText(), "first");
    await assertNoLeftovers(workspace);
  }),

  "an exclusive write does not replace what came while it was written": having(
    "createOnly",
    async (workspace) => {
      const target = workspace.target("a.txt");
      const writer = await workspace.fileSystem.openWrite(target.path, { exclusive: true });
      await writer.write(Buffer.from("late"));
      await target.writeText("early");
      await rejectsWith(writer.commit(), "TARGET_EXISTS");
      assert.equal(await target.readText(), "early");
      await assertNoLeftovers(workspace);
    },
  ),

  "of several exclusive writers exactly one succeeds": having("createOnly", async (workspace) => {
    const target = workspace.target("a.txt");
    const writers = ["one", "two", "three", "four", "five", "six"].map(async (content) => {
      await target.writeText(content, { exclusive: true });
      return content;
    });
    const outcomes = await Promise.allSettled(writers);
    const winners = outcomes.filter((outcome) => outcome.status === "fulfilled");
    for (const { reason } of outcomes.filter((outcome) => outcome.status === "rejected")) {
      await rejectsWith(Promise.reject(reason as Error), "TARGET_EXISTS");
    }
    assert.deepEqual(
      winners.map(({ value }) => value),
      [await target.readText()],
    );
    await assertNoLeftovers(workspace);
  }),

  "of several replacing writers one wins, whole": async (workspace) => {
    const target = workspace.target("a.bin");
    const contents = [1, 2, 3, 4].map((seed) => pattern(MIB + seed, seed));
    await Promise.all(contents.map((content) => target.writeBytes(content)));
    assert.ok(contents.map(hashOf).includes(hashOf(await target.readBytes())));
    await assertNoLeftovers(workspace);
  },
};

async function replaceOften(target: FileTarget): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await target.writeBytes(NEW);
    await target.writeBytes(OLD);
  }
}

/** What a reader sees, time after time, until a promise has settled. */
async function readWhile(target: FileTarget, pending: Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  const progress = { isOver: false };
  const over = pending.finally(() => {
    progress.isOver = true;
  });
  const read = async (): Promise<void> => {
    while (!progress.isOver) seen.push(hashOf(await target.readBytes()));
  };
  await Promise.all([over, read()]);
  return seen;
}
