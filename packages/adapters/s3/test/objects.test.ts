import { randomUUID } from "node:crypto";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { LocalTarget } from "@leat/core";
import { S3FileSystem, type S3FileSystemOptions, S3Target } from "@leat/s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { failureOf } from "./failure.ts";
import { onEachServer } from "./on-each-server.ts";
import { patternOf } from "./pattern.ts";
import { leftoversBelow, rawClient, settingsFor } from "./s3-workspace.ts";

const MIB = 1024 ** 2;

onEachServer("objects", (at, service) => {
  let raw: S3Client;
  beforeAll(() => {
    raw = rawClient(at.server);
  });
  afterAll(() => raw.destroy());

  const store = (options: S3FileSystemOptions = {}) =>
    new S3FileSystem({ connection: settingsFor(at.server), ...options });
  const target = (fileSystem = store(), key: string = randomUUID()) =>
    new S3Target(`s3://${at.bucket}/${key}`, { fileSystem });
  const keyOf = ({ path }: S3Target) => ({ Bucket: at.bucket, Key: path.slice(`s3://${at.bucket}/`.length) });

  it("larger than a part are made of parts, up to it of one request", async () => {
    const content = patternOf(11 * MIB);
    const [parts, whole] = [target(store({ partBytes: 5 * MIB })), target(store({ partBytes: 11 * MIB }))];
    await parts.writeBytes(content);
    await whole.writeBytes(content);
    for (const [made, isParts] of [
      [parts, true],
      [whole, false],
    ] as const) {
      const { ETag } = await raw.send(new HeadObjectCommand(keyOf(made)));
      expect(ETag?.includes("-")).toBe(isParts);
      expect((await made.readBytes()).equals(content)).toBe(true);
    }
  });

  it("larger than a request may copy are copied in parts, with their attributes", async () => {
    const content = patternOf(12 * MIB + 7);
    const [from, to] = [target(store({ copyPartBytes: 5 * MIB })), target(store({ copyPartBytes: 5 * MIB }))];
    const attributes = { ContentType: "text/x-thing", Metadata: { colour: "red" } };
    await raw.send(new PutObjectCommand({ ...keyOf(from), ...attributes, Body: content }));
    expect(await from.fileSystem.copy(from.path, to.path)).toBe(content.length);
    expect((await to.readBytes()).equals(content)).toBe(true);
    const made = await raw.send(new HeadObjectCommand(keyOf(to)));
    expect(made).toMatchObject(attributes);
    expect(made.ETag).toMatch(/-3"$/);
  });

  it("are copied from one bucket to another", async () => {
    const from = target();
    await from.writeText("a");
    const elsewhere = target(store(), `${randomUUID()}/ö +&=?#%.txt`);
    await from.copyTo(elsewhere);
    expect(await elsewhere.readText()).toBe("a");
  });

  it("that mark a directory count for it and are not listed; it is removed and moved with them", async () => {
    const fileSystem = store();
    const place = randomUUID();
    const directory = `s3://${at.bucket}/${place}`;
    const mark = (key: string) =>
      raw.send(new PutObjectCommand({ Bucket: at.bucket, Key: key, Body: new Uint8Array(0) }));
    await mark(`${place}/`);
    expect(await fileSystem.isDirectory(directory)).toBe(true);
    expect(await listed(fileSystem.list(directory))).toEqual([]);
    expect(await fileSystem.remove(directory)).toBe(true);
    expect(await fileSystem.exists(directory)).toBe(false);
    await mark(`${place}/`);
    await mark(`${place}/sub/`);
    await target(fileSystem, `${place}/sub/a.txt`).writeText("a");
    expect(await listed(fileSystem.list(directory))).toEqual([`${directory}/sub/a.txt`]);
    await fileSystem.rename(directory, `${directory}-moved`);
    expect(await fileSystem.exists(directory)).toBe(false);
    expect(await listed(fileSystem.list(`${directory}-moved`))).toEqual([`${directory}-moved/sub/a.txt`]);
  });

  it("of many parts are given up without leaving parts", async () => {
    const made = target(store({ partBytes: 5 * MIB }));
    const writer = await made.fileSystem.openWrite(made.path);
    for (let part = 0; part < 7; part++) await writer.write(patternOf(4 * MIB));
    expect(await leftoversBelow(at.server, at.bucket, keyOf(made).Key)).toHaveLength(1);
    await writer.abort();
    expect(await leftoversBelow(at.server, at.bucket, keyOf(made).Key)).toEqual([]);
  });

  // versitygw ignores what it cannot give; Ceph gives no encryption without TLS.
  if (service === "s3") {
    it("are refused where the store cannot give them the encryption or storage class that was asked for", async () => {
      const key = Buffer.alloc(32, 7);
      const asked: S3FileSystemOptions[] = [
        { encryption: { method: "SSE-S3" } },
        { encryption: { method: "SSE-KMS", keyId: "some-key" } },
        { encryption: { method: "SSE-C", key } },
        { storageClass: "GLACIER" },
      ];
      for (const options of asked) {
        for (const content of [patternOf(100), patternOf(6 * MIB)]) {
          const made = target(store({ ...options, partBytes: 5 * MIB }));
          const error = await failureOf(made.writeBytes(content));
          expect(error).toMatchObject({ code: "TARGET_UNSUPPORTED" });
          expect(JSON.stringify([error, error.message])).not.toContain(key.toString("base64"));
        }
      }
    });
  }

  // Ceph ignores the condition when an upload in parts is completed.
  if (service === "versitygw") {
    it("larger than a part can be create-only where the store keeps it when they are completed", async () => {
      const made = target(store({ createOnly: true, partBytes: 5 * MIB }));
      const writer = await made.fileSystem.openWrite(made.path, { exclusive: true });
      await writer.write(patternOf(6 * MIB));
      await made.writeText("first");
      expect(await failureOf(writer.commit())).toMatchObject({ code: "TARGET_EXISTS" });
      expect(await made.readText()).toBe("first");
      expect(await leftoversBelow(at.server, at.bucket, keyOf(made).Key)).toEqual([]);
      const large = target(made.fileSystem as S3FileSystem);
      await large.writeBytes(patternOf(6 * MIB));
      expect(await failureOf(large.copyTo(made, { exclusive: true }))).toMatchObject({
        code: "TARGET_EXISTS",
      });
    });

    it("are written while a removal takes the directories that they are about to be in", async () => {
      // Many directories, as one of them has to go between two of its system calls, and so many tries.
      const client = rawClient(at.server, { maxAttempts: 10 });
      const fileSystem = store({ connection: client });
      const directory = `${randomUUID()}/${"d/".repeat(200)}`;
      const writeAndRemove = async (key: string): Promise<void> => {
        for (let round = 0; round < 100; round++) {
          await target(fileSystem, key).writeText(`${round}`);
          expect(await target(fileSystem, key).readText()).toBe(`${round}`);
          expect(await target(fileSystem, key).remove()).toBe(true);
        }
      };
      await Promise.all([writeAndRemove(`${directory}a/a.txt`), writeAndRemove(`${directory}b/b.txt`)]);
      client.destroy();
    });
  }

  it("are named by verbatim keys; what is no path of S3 is refused", async () => {
    const fileSystem = store();
    await target(fileSystem, "%2e%2e/%2F").writeText("a");
    const reply = await raw.send(new GetObjectCommand({ Bucket: at.bucket, Key: "%2e%2e/%2F" }));
    expect(await reply.Body?.transformToString()).toBe("a");
    const longest = `${"/abcdefg".repeat(128).slice(1)}x`;
    for (const path of ["a.txt", "s3:/bucket/a", "http://bucket/a", "s3:///a", "s3://../a", "s3://./a"]) {
      expect(await failureOf(fileSystem.exists(path))).toMatchObject({ code: "PATH_INVALID" });
    }
    expect(await failureOf(target(fileSystem, `${longest}x`).exists())).toMatchObject({
      code: "PATH_INVALID",
    });
    expect(await target(fileSystem, longest).exists()).toBe(false);
  });

  it("of other stores are one store with ours when the settings are the same", () => {
    expect(store().sharesFilesWith(store({ partBytes: 6 * MIB }))).toBe(true);
    const other = store({ connection: { ...settingsFor(at.server), region: "eu-west-1" } });
    expect(store().sharesFilesWith(other)).toBe(false);
    expect(store().sharesFilesWith(new LocalTarget("a").fileSystem)).toBe(false);
  });

  it.each([{ partBytes: 1000 }, { copyPartBytes: 6 * 1024 ** 3 }, { partBytes: 1.5 * MIB * MIB }])(
    "cannot be made with %o",
    (options) => {
      expect(() => store(options)).toThrow(/whole number of bytes/);
    },
  );

  it("cannot be encrypted with a key of another length", () => {
    const encryption = { method: "SSE-C", key: Buffer.alloc(16) } as const;
    expect(() => store({ encryption })).toThrow(/16 bytes/);
  });
});

async function listed(paths: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const path of paths) found.push(path);
  return found;
}
