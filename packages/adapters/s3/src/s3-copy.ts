import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { TargetError } from "@leat/core";
import { forEachAtOnce } from "./at-once.ts";
import { MultipartUpload } from "./multipart-upload.ts";
import type { ObjectOptions } from "./object-options.ts";
import { locate } from "./s3-path.ts";
import type { S3Purpose, S3Store } from "./s3-store.ts";

/** Parts that the store copies at a time. */
const AT_ONCE = 4;

export interface S3CopyOptions {
  readonly exclusive: boolean;
  readonly objects: ObjectOptions;
  readonly partBytes: number;
  readonly copyPartBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** Copies an object within the store, and gives its size. */
export async function copyObject(
  store: S3Store,
  from: string,
  to: string,
  options: S3CopyOptions,
): Promise<number> {
  const source = await head(store, from, options);
  const size = source.ContentLength ?? 0;
  // A store may ignore conditions of CopyObject, such as those that keep them when it puts and completes.
  if (options.exclusive && size <= options.partBytes) await copyThroughMemory(store, from, to, options);
  else if (options.exclusive || size > options.copyPartBytes)
    await copyInParts(store, from, to, source, options);
  else await copyAtOnce(store, from, to, options);
  return size;
}

async function copyAtOnce(store: S3Store, from: string, to: string, options: S3CopyOptions): Promise<void> {
  const { bucket, key } = locate(to);
  const { objects, signal } = options;
  const command = new CopyObjectCommand({
    ...objects.written,
    ...objects.source,
    Bucket: bucket,
    Key: key,
    CopySource: copySource(from),
  });
  await store.send(command, { action: `copy ${from} to`, path: to, signal });
}

async function copyThroughMemory(
  store: S3Store,
  from: string,
  to: string,
  { objects, signal }: S3CopyOptions,
): Promise<void> {
  const source = locate(from);
  const get = new GetObjectCommand({ Bucket: source.bucket, Key: source.key, ...objects.key });
  const reply = await store.send(get, { action: "read", path: from, signal });
  const target = locate(to);
  const put = new PutObjectCommand({
    ...attributesOf(reply),
    ...objects.written,
    Bucket: target.bucket,
    Key: target.key,
    Body: (await reply.Body?.transformToByteArray()) ?? new Uint8Array(0),
    IfNoneMatch: "*",
  });
  await store.upload(put, { action: "write", path: to, signal, once: true });
}

async function copyInParts(
  store: S3Store,
  from: string,
  to: string,
  source: HeadObjectCommandOutput,
  options: S3CopyOptions,
): Promise<void> {
  const upload = await MultipartUpload.begin(store, to, options.objects, attributesOf(source));
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  try {
    await forEachAtOnce(
      ranges(source.ContentLength ?? 0, options.copyPartBytes),
      AT_ONCE,
      ([number, range]) =>
        upload.copy(number, copySource(from), range, signal).catch((error: unknown) => {
          stop.abort(error);
          throw error;
        }),
    );
    await refuseChange(store, from, source, options);
    await upload.complete(options.exclusive, signal);
  } catch (error) {
    // What failed first says more than a second failure while cleaning up.
    await upload.abort().catch(() => undefined);
    throw error;
  }
}

/** Not all stores keep the condition of a copied part that its source is unchanged. */
async function refuseChange(
  store: S3Store,
  from: string,
  source: HeadObjectCommandOutput,
  options: S3CopyOptions,
): Promise<void> {
  if ((await head(store, from, options)).ETag === source.ETag) return;
  const message = `Cannot copy ${from}: it was replaced meanwhile. Copy it again.`;
  // A copy that begins again takes the new object.
  throw new TargetError("TARGET_CONFLICT", message, { retryable: true, details: { path: from } });
}

function head(
  store: S3Store,
  path: string,
  { objects, signal }: S3CopyOptions,
): Promise<HeadObjectCommandOutput> {
  const { bucket, key } = locate(path);
  const purpose: S3Purpose = { action: "copy", path, signal };
  return store.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ...objects.key }), purpose);
}

/** Numbers of parts, and the bytes of each as in a Range header. */
function* ranges(size: number, partBytes: number): Generator<[number, string]> {
  for (let number = 1, at = 0; at < size; number++, at += partBytes) {
    yield [number, `bytes=${at}-${Math.min(size, at + partBytes) - 1}`];
  }
}

/** The header is decoded like a URL, so each segment is encoded. */
function copySource(path: string): string {
  const { bucket, key } = locate(path);
  return [bucket, ...key.split("/")].map(encodeURIComponent).join("/");
}

/** What CopyObject would copy by itself besides the content; tags are not among it. */
function attributesOf(source: Omit<HeadObjectCommandOutput, "$metadata">) {
  const { CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, Metadata } =
    source;
  return { CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, Metadata };
}
