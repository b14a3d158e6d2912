import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { startSftp, type SftpServer } from "@leat-internal/dev-servers";
import { describeWithOwn, randomOf, seedOf } from "@leat-internal/dev-servers/vitest";
import { SftpFileSystem, SftpTarget } from "@leat/sftp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pattern } from "./helpers.ts";
import { settingsFor } from "./sftp-workspace.ts";

/** Many times the memory that a connection reads into. */
const CONTENT = pattern(8_000_000);
/** Small ones end anywhere in a packet, large ones hold several. */
const PIECES = [40, 4_000, 400_000];
const ENTRIES = 300;

describeWithOwn("sftp")("what a connection reads into memory that is used again", () => {
  let server: SftpServer;
  let directory: string;
  beforeAll(async () => {
    // The keys change many times in a transfer.
    server = await startSftp({ settings: { RekeyLimit: "1M" } });
    directory = mkdtempSync(join(tmpdir(), "leat-sftp-memory-"));
    writeFileSync(join(directory, "content"), CONTENT);
    mkdirSync(join(directory, "many"));
    for (let index = 0; index < ENTRIES; index++) writeFileSync(join(directory, "many", `${index}`), "");
  });
  afterAll(async () => {
    rmSync(directory, { recursive: true });
    await server.stop();
  });

  it.each(PIECES)("is what was sent, when it comes in pieces of up to %i bytes", async (mostBytes) => {
    const chopper = await startChopper(server, mostBytes, randomOf(seedOf()));
    const connection = { ...settingsFor(server), port: chopper.port, maxConnections: 1 };
    const fileSystem = new SftpFileSystem({ connection });
    const download = async (): Promise<string> => {
      const target = new SftpTarget(join(directory, "content"), { connection: fileSystem });
      const hash = createHash("sha256");
      for await (const chunk of await target.createReadStream()) hash.update(chunk as Buffer);
      return hash.digest("hex");
    };
    const countEntries = async (): Promise<number> => {
      let entries = 0;
      for await (const _ of fileSystem.list(join(directory, "many"))) entries++;
      return entries;
    };

    const [first, entries, second] = await Promise.all([download(), countEntries(), download()]);

    expect(entries).toBe(ENTRIES);
    const expected = createHash("sha256").update(CONTENT).digest("hex");
    expect([first, second]).toEqual([expected, expected]);
    await fileSystem.close();
    chopper.close();
  });
});

/** Passes connections on to a server, whose answers come in pieces of random length. */
async function startChopper(
  { host, port }: SftpServer,
  mostBytes: number,
  random: () => number,
): Promise<{ readonly port: number; close(): void }> {
  const listener = net.createServer({ noDelay: true }, (client) => {
    const upstream = net.connect({ host, port, noDelay: true });
    // Either side may go first.
    pipeline(client, upstream).catch(() => undefined);
    pipeline(upstream, chopped, client).catch(() => undefined);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return { port: (listener.address() as net.AddressInfo).port, close: () => void listener.close() };

  async function* chopped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length; ) {
        const length = 1 + Math.floor(random() * mostBytes);
        yield chunk.subarray(start, start + length);
        start += length;
      }
    }
  }
}
