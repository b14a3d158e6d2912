import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { startTcpFaultProxy } from "@leat/testkit";
import { S3FileSystem, S3Target } from "@leat/s3";
import { expect, it } from "vitest";
import { onEachServer, type ServerAndBucket } from "./on-each-server.ts";
import { leftoversBelow, portOf, settingsFor } from "./s3-workspace.ts";
import { patternOf } from "./pattern.ts";

const MIB = 1024 ** 2;
const ROUNDS = Number(process.env["LEAT_CUT_ROUNDS"] ?? 3);

/** Three parts and a bit, the last of them small. */
const CONTENT = patternOf(3 * 5 * MIB + 12_345);
const OLD = "what was there before";

onEachServer("cut at every tenth", (at) => {
  for (const kind of ["reset", "end"] as const) {
    it(`an upload (${kind}) leaves the old object or the new, and no parts; the next try succeeds`, async () => {
      const proxy = await startTcpFaultProxy({ port: portOf(at.server) });
      const target = targetThrough(at, proxy.port);
      for (let round = 0; round < ROUNDS; round++) {
        for (let tenth = 0; tenth < 10; tenth++) {
          await target.writeText(OLD);
          // Of a connection: parts go over several, and each tries again. Cut at the same place each time, it must fail.
          const afterBytes = Math.floor((5 * MIB * tenth) / 10) + round;
          proxy.setFaults({ cut: { direction: "upstream", afterBytes, kind } });
          const [outcome] = await Promise.allSettled([target.writeBytes(CONTENT)]);
          proxy.setFaults({});
          expect(outcome.status).toBe("rejected");
          expect(await target.readText()).toBe(OLD);
        }
        await target.writeBytes(CONTENT);
        expect(hashOf(await target.readBytes())).toBe(hashOf(CONTENT));
      }
      await target.remove();
      // An upload whose beginning was cut off is not known to us, nor can its parts be: there are none.
      expect(await partsLeft(at)).toBe(0);
      proxy.close();
    }, 240_000);
  }

  it("a download goes on where it was cut", async () => {
    const proxy = await startTcpFaultProxy({ port: portOf(at.server) });
    const target = targetThrough(at, proxy.port);
    await target.writeBytes(CONTENT);
    for (let round = 0; round < ROUNDS; round++) {
      for (let tenth = 0; tenth < 10; tenth++) {
        const afterBytes = 1000 + Math.floor((CONTENT.length * tenth) / 10) + round;
        const kind = round % 2 === 0 ? "reset" : "end";
        proxy.setFaults({ cut: { direction: "downstream", afterBytes, times: 1, kind } });
        expect(hashOf(await target.readBytes())).toBe(hashOf(CONTENT));
        proxy.setFaults({});
      }
    }
    proxy.close();
  }, 120_000);

  it("a download does not go on with another object", async () => {
    const proxy = await startTcpFaultProxy({ port: portOf(at.server) });
    const target = targetThrough(at, proxy.port);
    await target.writeBytes(CONTENT);
    const stream = await target.createReadStream();
    await once(stream, "readable");
    await new S3Target(target.path, { fileSystem: directly(at) }).writeBytes(CONTENT.subarray(1));
    proxy.cutAll();
    const reading = async (): Promise<void> => {
      for await (const chunk of stream) expect(chunk).toBeDefined();
    };
    await expect(reading()).rejects.toMatchObject({ code: "TARGET_CONFLICT", retryable: true });
    proxy.close();
  });

  it("a copy, also one in parts, goes on in the store: its content does not come by here", async () => {
    const proxy = await startTcpFaultProxy({ port: portOf(at.server) });
    const fileSystem = new S3FileSystem({
      connection: settingsFor(at.server, proxy.port),
      copyPartBytes: 5 * MIB,
    });
    const target = new S3Target(`s3://${at.bucket}/${randomUUID()}`, { fileSystem });
    await target.writeBytes(CONTENT);
    for (const direction of ["upstream", "downstream"] as const) {
      proxy.setFaults({ cut: { direction, afterBytes: MIB } });
      await target.copyTo(new S3Target(`${target.path}-${direction}`, { fileSystem }));
    }
    proxy.setFaults({});
    expect(proxy.cuts).toBe(0);
    const copy = new S3Target(`${target.path}-upstream`, { fileSystem });
    expect(hashOf(await copy.readBytes())).toBe(hashOf(CONTENT));
    await fileSystem.close();
    proxy.close();
  });

  it("a download that stops is an error within the deadline", async () => {
    const proxy = await startTcpFaultProxy({ port: portOf(at.server) });
    const connection = { ...settingsFor(at.server, proxy.port), idleTimeoutMs: 2000 };
    const path = `s3://${at.bucket}/${randomUUID()}`;
    await new S3Target(path, { fileSystem: directly(at) }).writeBytes(CONTENT);
    const target = new S3Target(path, { fileSystem: new S3FileSystem({ connection }) });
    const stream = await target.createReadStream();
    await once(stream, "readable");
    proxy.setFaults({ blackHole: "both" });
    const reading = async (): Promise<void> => {
      for await (const chunk of stream) expect(chunk).toBeDefined();
    };
    await expect(reading()).rejects.toMatchObject({ code: "TARGET_TIMEOUT" });
    proxy.close();
  });
});

function directly(at: ServerAndBucket): S3FileSystem {
  return new S3FileSystem({ connection: settingsFor(at.server), partBytes: 5 * MIB });
}

function targetThrough(at: ServerAndBucket, port: number): S3Target {
  const connection = settingsFor(at.server, port);
  return new S3Target(`s3://${at.bucket}/${randomUUID()}`, {
    fileSystem: new S3FileSystem({ connection, partBytes: 5 * MIB }),
  });
}

async function partsLeft(at: ServerAndBucket): Promise<number> {
  return (await leftoversBelow(at.server, at.bucket, "")).length;
}

function hashOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
