import assert from "node:assert/strict";
import { once } from "node:events";
import type { Readable } from "node:stream";
import type { FileTarget } from "@leat/core";
import type { ConnectionCut, FileWorkspace } from "../file-workspace.ts";
import { given, type Statements } from "./statements.ts";
import { hashOf, MIB, notHanging, pattern, rejectsWith, withClient } from "./tools.ts";

export const reading: Statements = {
  "a missing file is an error before any byte": async (workspace) => {
    const target = workspace.target("no.txt");
    const error = await rejectsWith(target.createReadStream(), "TARGET_NOT_FOUND");
    assert.equal(error.details["path"], target.path);
    await rejectsWith(target.readText(), "TARGET_NOT_FOUND");
    await rejectsWith(target.size(), "TARGET_NOT_FOUND");
    await rejectsWith(workspace.target("no/such/directory.txt").readText(), "TARGET_NOT_FOUND");
  },

  "a directory cannot be read": async (workspace) => {
    await workspace.target("dir/a.txt").writeText("a");
    await rejectsWith(workspace.target("dir").readText(), "TARGET_IS_DIRECTORY");
  },

  "a reader that stops early releases what it held": async (workspace) => {
    const target = workspace.target("a.bin");
    await target.writeBytes(pattern(2 * MIB));
    const before = await workspace.handlesInUse?.();
    for (let round = 0; round < 100; round++) {
      const begun = await target.createReadStream();
      await begun.iterator().next();
      await closed(begun);
      await closed(await target.createReadStream());
    }
    assert.equal(await target.size(), 2 * MIB);
    assert.equal(await workspace.handlesInUse?.(), before);
  },

  "a connection that is cut while reading is an error, or the bytes come all the same": async (workspace) => {
    await survivesCut(workspace, "reset");
  },

  "a connection that ends while reading is an error, or the bytes come all the same": async (workspace) => {
    await survivesCut(workspace, "end");
  },

  "two readers of one target do not disturb each other": async (workspace) => {
    const target = workspace.target("a.bin");
    const content = pattern(3 * MIB);
    await target.writeBytes(content);
    const slow = (await target.createReadStream()).iterator();
    const first = (await slow.next()).value as Buffer;
    assert.equal(hashOf(await target.readBytes()), hashOf(content));
    const rest: Buffer[] = [first];
    for await (const chunk of slow) rest.push(chunk as Buffer);
    assert.equal(hashOf(Buffer.concat(rest)), hashOf(content));
  },

  "reading can start at any byte": async (workspace) => {
    const target = workspace.target("a.bin");
    const content = pattern(700_000);
    await target.writeBytes(content);
    for (const start of [0, 1, 300_000, 699_999, 700_000, 800_000]) {
      const chunks: Buffer[] = [];
      for await (const chunk of await target.createReadStream({ start })) chunks.push(chunk as Buffer);
      assert.equal(hashOf(Buffer.concat(chunks)), hashOf(content.subarray(start)), `from ${start}`);
    }
    for (const start of [-1, 0.5, Number.NaN]) {
      await rejectsWith(target.createReadStream({ start }), "OPTION_INVALID");
    }
  },

  "an abort ends a reader with its reason": async (workspace) => {
    const target = workspace.target("a.bin");
    await target.writeBytes(pattern(4 * MIB));
    const stop = new AbortController();
    const reason = new Error("enough");
    const readAll = async (): Promise<void> => {
      for await (const chunk of await target.createReadStream({ signal: stop.signal })) {
        assert.ok((chunk as Buffer).length > 0);
        stop.abort(reason);
      }
    };
    await assert.rejects(notHanging(readAll()), reason);
  },

  "lines end with LF or CRLF, and the last one need not end": async (workspace) => {
    await readsLines(workspace.target("a.txt"), "a\nb\r\n\nc", ["a", "b", "", "c"]);
    await readsLines(workspace.target("a.txt"), "a\n", ["a"]);
    await readsLines(workspace.target("a.txt"), "\n", [""]);
    await readsLines(workspace.target("a.txt"), "", []);
  },

  "a line may be longer than what is read at a time": async (workspace) => {
    const long = "0123456789".repeat(150_000);
    await readsLines(workspace.target("a.txt"), `${long}\nshort\n${long}`, [long, "short", long]);
  },

  "a character may be cut by what is read at a time": async (workspace) => {
    // Lines of 1 to 4 bytes a character and of different lengths: every place in a character is cut somewhere.
    const lines = Array.from({ length: 60_000 }, (_, index) => "aå€😀".repeat(1 + (index % 5)));
    await readsLines(workspace.target("a.txt"), `${lines.join("\n")}\n`, lines);
  },

  "text that is not UTF-8 is an error": async (workspace) => {
    const target = workspace.target("a.txt");
    await target.writeBytes(Buffer.from([0x61, 0x0a, 0xff, 0x0a]));
    await rejectsWith(target.readText(), "TARGET_INVALID_DATA");
    await rejectsWith(linesOf(target), "TARGET_INVALID_DATA");
  },

  "JSON comes back as it was": async (workspace) => {
    const value = { name: "räksmörgås", list: [1, 2.5, null, true], nested: { empty: {} } };
    await workspace.target("a.json").writeJson(value);
    assert.deepEqual(await workspace.target("a.json").readJson(), value);
    await workspace.target("b.json").writeText("{");
    await rejectsWith(workspace.target("b.json").readJson(), "TARGET_INVALID_DATA");
  },
};

async function survivesCut(workspace: FileWorkspace, kind: ConnectionCut["kind"]): Promise<void> {
  const cuttable = given(workspace.faults, "cuttable");
  const content = pattern(8 * MIB);
  await workspace.target("a.bin").writeBytes(content);
  await withClient(cuttable(), async (client) => {
    client.cutNext({ direction: "downstream", afterBytes: MIB, kind });
    const read = client.target("a.bin").readBytes();
    const [outcome] = await Promise.allSettled([notHanging(read)]);
    if (outcome.status === "rejected") await rejectsWith(read, "TARGET_UNAVAILABLE", "TARGET_TIMEOUT");
    else assert.equal(hashOf(outcome.value), hashOf(content));
  });
}

async function closed(stream: Readable): Promise<void> {
  stream.destroy();
  await once(stream, "close");
}

async function readsLines(target: FileTarget, content: string, expected: readonly string[]): Promise<void> {
  await target.writeText(content);
  const lines = await linesOf(target);
  assert.equal(lines.length, expected.length);
  assert.ok(
    lines.every((line, index) => line === expected[index]),
    "the lines differ",
  );
}

async function linesOf(target: FileTarget): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of target.readLines()) lines.push(line);
  return lines;
}
