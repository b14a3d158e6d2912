import { FileTarget, type FileTargetOptions } from "@leat/core";
import { S3FileSystem } from "./s3-file-system.ts";

let fromEnvironment: S3FileSystem | undefined;

/** The store that the environment tells, as for the AWS SDK. */
export function defaultFileSystem(): S3FileSystem {
  return (fromEnvironment ??= new S3FileSystem());
}

export interface S3TargetOptions extends FileTargetOptions {
  /** The store. Default: all from the environment. */
  readonly fileSystem?: S3FileSystem;
}

/** An object in S3: `s3://bucket/key`. It appears whole, when writing has ended. */
export class S3Target extends FileTarget {
  override readonly fileSystem: S3FileSystem;

  constructor(path: string, options: S3TargetOptions = {}) {
    super(path, options);
    this.fileSystem = options.fileSystem ?? defaultFileSystem();
  }
}
