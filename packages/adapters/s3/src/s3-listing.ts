import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { S3Location } from "./s3-path.ts";
import type { S3Purpose, S3Store } from "./s3-store.ts";

export interface S3Page {
  readonly keys: readonly string[];
  /** Beginnings of keys up to the next slash, with it; none unless they are asked for. */
  readonly directories: readonly string[];
}

/**
 * What begins with a key, page by page in the order of the store.
 *
 * @param oneLevel gives what has another slash after the key by its directory only
 */
export async function* listPages(
  store: S3Store,
  { bucket, key }: S3Location,
  oneLevel: boolean,
  purpose: S3Purpose,
): AsyncGenerator<S3Page> {
  let next: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: key,
      // A key can have characters that XML cannot.
      EncodingType: "url",
      ...(oneLevel ? { Delimiter: "/" } : {}),
      ...(next === undefined ? {} : { ContinuationToken: next }),
    });
    const { Contents = [], CommonPrefixes = [], EncodingType, ...reply } = await store.send(command, purpose);
    const decode = EncodingType === "url" ? decodeKey : String;
    yield {
      keys: Contents.map(({ Key = "" }) => decode(Key)),
      directories: CommonPrefixes.map(({ Prefix = "" }) => decode(Prefix)),
    };
    next = reply.IsTruncated === true ? reply.NextContinuationToken : undefined;
  } while (next !== undefined);
}

/** Whether any key begins so. Rejects when there is no such bucket. */
export async function hasAny(
  store: S3Store,
  { bucket, key }: S3Location,
  purpose: S3Purpose,
): Promise<boolean> {
  const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 });
  return ((await store.send(command, purpose)).Contents ?? []).length > 0;
}

/** AWS writes a blank as a plus, as HTML forms do. */
function decodeKey(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
