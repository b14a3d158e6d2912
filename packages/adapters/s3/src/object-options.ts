import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { S3Encryption, S3FileSystemOptions } from "./s3-options.ts";

/** What requests have to carry for encryption and storage class. */
export interface ObjectOptions {
  /** Those that begin an object. */
  readonly written: Pick<
    PutObjectCommandInput,
    "ServerSideEncryption" | "SSEKMSKeyId" | "SSECustomerAlgorithm" | "SSECustomerKey" | "StorageClass"
  >;
  /** Those that read one, or send a part of one. */
  readonly key: { readonly SSECustomerAlgorithm?: string; readonly SSECustomerKey?: string };
  /** Those that copy one. */
  readonly source: {
    readonly CopySourceSSECustomerAlgorithm?: string;
    readonly CopySourceSSECustomerKey?: string;
  };
}

export function objectOptions({ encryption, storageClass }: S3FileSystemOptions): ObjectOptions {
  const key = encryption?.method === "SSE-C" ? Buffer.from(encryption.key).toString("base64") : undefined;
  return {
    written: {
      ...(storageClass === undefined ? {} : { StorageClass: storageClass }),
      ...encryptionOf(encryption, key),
    },
    key: key === undefined ? {} : { SSECustomerAlgorithm: "AES256", SSECustomerKey: key },
    source:
      key === undefined ? {} : { CopySourceSSECustomerAlgorithm: "AES256", CopySourceSSECustomerKey: key },
  };
}

function encryptionOf(
  encryption: S3Encryption | undefined,
  key: string | undefined,
): Omit<ObjectOptions["written"], "StorageClass"> {
  if (encryption === undefined) return {};
  if (encryption.method === "SSE-S3") return { ServerSideEncryption: "AES256" };
  if (key !== undefined) return { SSECustomerAlgorithm: "AES256", SSECustomerKey: key };
  const { keyId } = encryption as { readonly keyId?: string };
  return { ServerSideEncryption: "aws:kms", ...(keyId === undefined ? {} : { SSEKMSKeyId: keyId }) };
}
