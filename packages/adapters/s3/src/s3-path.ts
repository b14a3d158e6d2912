import { UsageError } from "@leat/core";

/** Where a path leads; the key of the root is empty. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

/** @throws UsageError `PATH_INVALID` for what is no `s3://bucket/key`, or has a longer key than a store can hold */
export function locate(path: string): S3Location {
  const [, bucket, key = ""] = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,62})(?:\/(.*))?$/s.exec(path) ?? [];
  if (bucket === undefined) throw invalidPath(path, "is not of the form s3://bucket/key");
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw invalidPath(path, `has a key of more than ${MAX_KEY_BYTES} bytes. Shorten it`);
  }
  return { bucket, key };
}

export function pathOf({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}

/** The beginning of the keys of all that is below a directory. Slashes at the end of a path only say that it is one. */
export function prefixOf(key: string): string {
  const directory = key.replace(/\/+$/, "");
  return directory === "" ? "" : `${directory}/`;
}

function invalidPath(path: string, sentence: string): UsageError {
  return new UsageError("PATH_INVALID", `The path ${JSON.stringify(path)} ${sentence}.`, {
    details: { path },
  });
}
