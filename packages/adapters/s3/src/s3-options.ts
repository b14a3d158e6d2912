import type { S3Client, S3ClientConfig, StorageClass } from "@aws-sdk/client-s3";
import { UsageError } from "@leat/core";

/** How to reach a store: settings, or a client of the user's own, which Leat uses and never closes. */
export type S3Connection = S3Client | S3ConnectionSettings;

/** What is left out is taken from where the AWS SDK takes it: environment, configuration files, the machine's role. */
export interface S3ConnectionSettings {
  /** URL of a store other than AWS: `https://s3.example.org`. Default AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else AWS itself. */
  readonly endpoint?: string;
  /** Region of the buckets. Default AWS_REGION. Stores other than AWS mostly have `us-east-1`. */
  readonly region?: string;
  /** Keys, or a function that gives them and is asked again when they expire. Default the chain of the SDK. */
  readonly credentials?: NonNullable<S3ClientConfig["credentials"]>;
  /** Certificates of the authorities to trust instead of the public ones, as PEM. */
  readonly ca?: string;
  /** Put the bucket into the path of URLs, not into the name of the host. Default true with an endpoint, else false. */
  readonly pathStyle?: boolean;
  /**
   * Whether uploads carry CRC32 checksums, and downloads are checked against those that the store has. `WHEN_REQUIRED` is for
   * stores that refuse them. Default `WHEN_SUPPORTED`, as in the SDK.
   */
  readonly checksums?: "WHEN_SUPPORTED" | "WHEN_REQUIRED";
  /** How long to wait for a connection. Default 10000. */
  readonly connectTimeoutMs?: number;
  /** How long to wait while nothing comes nor goes over a connection. Default 60000. */
  readonly idleTimeoutMs?: number;
}

/**
 * Encryption at rest. With SSE-C the store keeps no key: each S3FileSystem that reads what was written needs the same one, and
 * AWS takes it over TLS only.
 */
export type S3Encryption =
  | { readonly method: "SSE-S3" }
  | { readonly method: "SSE-KMS"; readonly keyId?: string }
  | {
      readonly method: "SSE-C";
      /** 32 bytes. */
      readonly key: Uint8Array;
    };

export interface S3FileSystemOptions {
  /** Default: all from the environment, as the SDK does. */
  readonly connection?: S3Connection;
  /**
   * Whether the store keeps `If-None-Match: *` when an object is put and when an upload in parts is completed, also for
   * several writers at once. Default true on AWS, false elsewhere: there are stores that ignore it and replace the object.
   */
  readonly createOnly?: boolean;
  /** Whether `a//b` is another object than `a/b`, as on AWS. Default true; false for stores that keep objects as files. */
  readonly emptySegments?: boolean;
  /** How written objects are encrypted. Default: as the bucket says. */
  readonly encryption?: S3Encryption;
  /** Default: as the store says, which is STANDARD on AWS. */
  readonly storageClass?: StorageClass;
  /**
   * Size of the parts in which objects are written, from 5 MiB to 5 GiB. Up to three are in memory for each file being written,
   * and a file can have 10000. Default 8388608 (8 MiB), which is enough for 78 GiB.
   */
  readonly partBytes?: number;
  /** Larger objects are copied in parts of this size, four at a time; from 5 MiB to 5 GiB. Default 1073741824 (1 GiB). */
  readonly copyPartBytes?: number;
}

export const MAX_PARTS = 10_000;

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export const DEFAULTS = {
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 60_000,
  partBytes: 8 * MIB,
  copyPartBytes: GIB,
} as const;

/** The endpoint that was set, here or in the environment; `undefined` for AWS. */
export function endpointOf(settings: S3ConnectionSettings): string | undefined {
  const endpoint = settings.endpoint ?? process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"];
  if (endpoint === undefined || endpoint === "") return undefined;
  if (URL.canParse(endpoint) && /^https?:/.test(endpoint)) return endpoint;
  throw new UsageError(
    "OPTION_INVALID",
    `The endpoint is not a URL. Give one such as https://s3.example.org.`,
  );
}

/** @throws UsageError `OPTION_INVALID` */
export function checkOptions({ partBytes, copyPartBytes, encryption }: S3FileSystemOptions): void {
  checkPartSize("partBytes", partBytes);
  checkPartSize("copyPartBytes", copyPartBytes);
  if (encryption?.method === "SSE-C" && encryption.key.byteLength !== 32) {
    const message = `The key for SSE-C has ${encryption.key.byteLength} bytes. Give one of 32.`;
    throw new UsageError("OPTION_INVALID", message);
  }
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
function checkPartSize(name: string, bytes: number | undefined): void {
  if (bytes === undefined) return;
  if (Number.isSafeInteger(bytes) && bytes >= 5 * MIB && bytes <= 5 * GIB) return;
  throw new UsageError(
    "OPTION_INVALID",
    `${name} is ${bytes}. Give a whole number of bytes from 5242880 (5 MiB) to 5368709120 (5 GiB).`,
  );
}
