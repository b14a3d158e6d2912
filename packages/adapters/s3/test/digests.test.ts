import { createHash, randomUUID } from "node:crypto";
import { crc32 } from "node:zlib";
import { S3FileSystem, S3Target } from "@leat/s3";
import { expect, it } from "vitest";
import { onEachServer } from "./on-each-server.ts";
import { patternOf } from "./pattern.ts";
import { rawClient } from "./s3-workspace.ts";

const PART_BYTES = 5 * 1024 ** 2;

/** As many parts as make each buffer be used again, and a bit. */
const LARGE = patternOf(9 * PART_BYTES + 12_345);

interface Request {
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a request said of its content, and what is so. */
interface Told {
  readonly sha256: string | undefined;
  readonly crc32: string | undefined;
}

onEachServer("what a store is told of content", (at) => {
  for (const [what, content] of Object.entries({
    "an empty object": Buffer.alloc(0),
    "an object in one request": LARGE.subarray(0, 100_000),
    "an object in parts": LARGE,
  })) {
    it(`is right for ${what}, whose pieces are of any length`, async () => {
      const { told, found, target } = watched("WHEN_SUPPORTED");
      await target.writeFrom(piecesOf(content));
      expect(told.length).toBe(Math.max(1, Math.ceil(content.length / PART_BYTES)));
      expect(told).toEqual(found);
      expect((await target.readBytes()).equals(content)).toBe(true);
      await target.remove();
    });
  }

  it("is a hash alone for a client that sends no checksums", async () => {
    const { told, found, target } = watched("WHEN_REQUIRED");
    await target.writeBytes(LARGE);
    expect(told).toEqual(found.map(({ sha256 }) => ({ sha256, crc32: undefined })));
    await target.remove();
  });

  function watched(requestChecksumCalculation: "WHEN_SUPPORTED" | "WHEN_REQUIRED") {
    const client = rawClient(at.server, { requestChecksumCalculation });
    const [told, found]: [Told[], Told[]] = [[], []];
    client.middlewareStack.add(
      (next) => (args) => {
        const { body, headers } = args.request as Request;
        if (body instanceof Uint8Array) {
          told.push({ sha256: headers["x-amz-content-sha256"], crc32: headers["x-amz-checksum-crc32"] });
          found.push({ sha256: createHash("sha256").update(body).digest("hex"), crc32: crcOf(body) });
        }
        return next(args);
      },
      { step: "deserialize", name: "watch" },
    );
    const fileSystem = new S3FileSystem({ connection: client, partBytes: PART_BYTES });
    return { told, found, target: new S3Target(`s3://${at.bucket}/${randomUUID()}`, { fileSystem }) };
  }
});

function crcOf(bytes: Uint8Array): string {
  return Buffer.from(crc32(bytes).toString(16).padStart(8, "0"), "hex").toString("base64");
}

/** Longer and longer ones, of which some go beyond the end of a part. */
function* piecesOf(content: Buffer): Generator<Buffer> {
  for (let start = 0, length = 1; start < content.length; start += length, length = 3 * length + 1)
    yield content.subarray(start, start + length);
}
