import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { gzip } from "@leat/core";
import type { FileWorkspace } from "../file-workspace.ts";
import { CountingSource } from "./counting-source.ts";
import { MemoryMeter } from "./memory-meter.ts";
import { given, having, type Statements } from "./statements.ts";
import { assertNoLeftovers, hashOf, MIB, notHanging, pattern, rejectsWith, withClient } from "./tools.ts";

const STREAMED_MIB = 256;
const DEFAULT_PART_BYTES = 256 * 1024;
const DEFAULT_MEMORY_BYTES = 64 * MIB;

export const writing: Statements = {
  "the bytes read are the bytes written, all 256 of them": async (workspace) => {
    const content = Uint8Array.from({ length: 256 }, (_, value) => value);
    await roundTrips(workspace, Buffer.from(content));
  },

  "a file can be empty": async (workspace) => {
    const target = workspace.target("empty");
    await target.writeFrom([]);
    assert.equal(await target.exists(), true);
    assert.equal(await target.size(), 0);
    assert.equal((await target.readBytes()).length, 0);
  },

  "a file of more than twice the part size comes back the same": async (workspace) => {
    await roundTrips(workspace, pattern(2 * partBytes(workspace) + 1234));
  },

  "a file of a multiple of the part size comes back the same": async (workspace) => {
    await roundTrips(workspace, pattern(2 * partBytes(workspace)));
    await roundTrips(workspace, pattern(partBytes(workspace)));
  },

  "a file written in many small pieces comes back the same": async (workspace) => {
    const pieces = Array.from({ length: 5000 }, (_, index) => pattern(1 + (index % 300), index + 1));
    await workspace.target("pieces").writeFrom(pieces);
    assert.equal(hashOf(await workspace.target("pieces").readBytes()), hashOf(Buffer.concat(pieces)));
  },

  "memory stays small while a large file is written and read": having("streaming", async (workspace) => {
    const limit = workspace.streamingMemoryBytes ?? DEFAULT_MEMORY_BYTES;
    const target = workspace.target("large");
    const memory = await MemoryMeter.start();
    await target.writeFrom(memory.watch(largeContent()));
    const hash = createHash("sha256");
    for await (const chunk of memory.watch(await target.createReadStream())) hash.update(chunk);
    assert.ok(memory.growth < limit, `${memory.growth} bytes were held, ${limit} are allowed`);
    assert.equal(hash.digest("hex"), hashOfLargeContent());
  }),

  "a stream says that it is full before it holds much": async (workspace) => {
    const stream = workspace.target("a.bin").createWriteStream();
    const chunk = pattern(64 * 1024);
    let taken = chunk.length;
    // Nothing else runs during this loop, so the store takes nothing meanwhile.
    while (stream.write(chunk) && taken < 64 * MIB) taken += chunk.length;
    stream.on("error", () => undefined).destroy();
    await new Promise((resolve) => stream.once("close", resolve));
    assert.ok(taken <= 4 * MIB, `${taken} bytes were taken`);
    await assertNoLeftovers(workspace);
  },

  "a store that takes no more makes the source wait": async (workspace) => {
    const limit = workspace.streamingMemoryBytes ?? DEFAULT_MEMORY_BYTES;
    await withClient(given(workspace.faults, "stallable")(), async (client) => {
      const stop = new AbortController();
      const source = new CountingSource();
      const writing = client.target("stalled.bin").writeFrom(source, { signal: stop.signal });
      await source.hasGiven(4 * MIB);
      client.stall();
      const before = source.givenBytes;
      const taken = (await source.quiet()) - before;
      const reason = new Error("enough");
      stop.abort(reason);
      await assert.rejects(notHanging(writing), reason);
      assert.ok(taken < limit, `${taken} bytes were taken, ${limit} are allowed`);
    });
  },

  "a chunk may be used again once the writer has taken it": async (workspace) => {
    const target = workspace.target("a.bin");
    const writer = await workspace.fileSystem.openWrite(target.path);
    const chunk = Buffer.alloc(100_000, "a");
    await writer.write(chunk);
    chunk.fill("b");
    await writer.write(chunk);
    chunk.fill("c");
    await writer.commit();
    assert.equal(await target.readText(), "a".repeat(100_000) + "b".repeat(100_000));
  },

  "a file is committed once": async (workspace) => {
    const target = workspace.target("a.txt");
    const writer = await workspace.fileSystem.openWrite(target.path);
    await writer.write(Buffer.from("first"));
    await writer.commit();
    await target.writeText("second");
    await rejectsWith(writer.commit(), "WRITER_ENDED");
    await writer.abort();
    assert.equal(await target.readText(), "second");
  },

  "writing after the end rejects": async (workspace) => {
    const committed = await workspace.fileSystem.openWrite(workspace.target("a.txt").path);
    await committed.commit();
    await rejectsWith(committed.write(Buffer.from("more")), "WRITER_ENDED");
    const aborted = await workspace.fileSystem.openWrite(workspace.target("b.txt").path);
    await aborted.abort();
    await rejectsWith(aborted.write(Buffer.from("more")), "WRITER_ENDED");
    await rejectsWith(aborted.commit(), "WRITER_ENDED");
    assert.equal(await workspace.target("b.txt").exists(), false);
  },

  "missing parent directories are made": async (workspace) => {
    await workspace.target("x/y/z/a.txt").writeText("a");
    assert.equal(await workspace.target("x/y/z/a.txt").readText(), "a");
  },

  "text is written as UTF-8 without a byte order mark, and read as it is": async (workspace) => {
    const content = "räksmörgås\r\n😀\rend";
    await workspace.target("a.txt").writeText(content);
    assert.deepEqual(await workspace.target("a.txt").readBytes(), Buffer.from(content));
    assert.equal(await workspace.target("a.txt").readText(), content);
  },

  "gzip is whole once writing has resolved": async (workspace) => {
    const content = pattern(300_000);
    await workspace.target("a.gz", { format: gzip() }).writeBytes(content);
    // `gunzipSync` fails without the checksum and the length, which come last.
    assert.equal(hashOf(gunzipSync(await workspace.target("a.gz").readBytes())), hashOf(content));
    assert.equal(hashOf(await workspace.target("a.gz", { format: gzip() }).readBytes()), hashOf(content));
  },

  "stat() tells when a file was written": having("modifiedTime", async (workspace) => {
    // A minute of difference between the clocks of store and client, and stores that keep whole seconds, are all right.
    const tolerance = 60_000;
    const before = Date.now();
    await workspace.target("a.txt").writeText("a");
    const stat = await workspace.fileSystem.stat(workspace.target("a.txt").path);
    assert.ok(stat?.modifiedAt !== undefined, "there is no modifiedAt");
    assert.ok(Math.abs(stat.modifiedAt - before) < tolerance, `${stat.modifiedAt} is not about ${before}`);
  }),
};

async function roundTrips(workspace: FileWorkspace, content: Buffer): Promise<void> {
  const target = workspace.target("content.bin");
  await target.writeBytes(content);
  assert.equal(await target.size(), content.length);
  assert.equal(hashOf(await target.readBytes()), hashOf(content));
}

function partBytes(workspace: FileWorkspace): number {
  return workspace.partBytes ?? DEFAULT_PART_BYTES;
}

/** One buffer again and again, so that the source needs no memory of its own. */
function* largeContent(): Generator<Buffer> {
  const part = pattern(MIB);
  for (let index = 0; index < STREAMED_MIB; index++) yield part;
}

function hashOfLargeContent(): string {
  const hash = createHash("sha256");
  for (const part of largeContent()) hash.update(part);
  return hash.digest("hex");
}
