import { type FileTarget, LocalTarget } from "@leat/core";
import { type FtpConnectionOptions, FtpTarget } from "@leat/ftp";
import { type S3ConnectionSettings, S3FileSystem, S3Target } from "@leat/s3";
import { type SftpConnectionSettings, SftpTarget } from "@leat/sftp";

/** A place in a store, as it is told to a child process. */
export type StoreOrder =
  | { readonly kind: "local"; readonly path: string }
  | { readonly kind: "ftp"; readonly path: string; readonly connection: FtpConnectionOptions }
  | { readonly kind: "sftp"; readonly path: string; readonly connection: SftpConnectionSettings }
  | { readonly kind: "s3"; readonly path: string; readonly connection: S3ConnectionSettings };

export function openStore(order: StoreOrder): FileTarget {
  switch (order.kind) {
    case "local":
      return new LocalTarget(order.path);
    case "ftp":
      return new FtpTarget(order.path, { connection: order.connection });
    case "sftp":
      return new SftpTarget(order.path, { connection: order.connection });
    case "s3":
      return new S3Target(order.path, { fileSystem: new S3FileSystem({ connection: order.connection }) });
  }
}
