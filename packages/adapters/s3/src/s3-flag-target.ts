import { type OperationOptions, Target, UsageError } from "@leat/core";
import { defaultFileSystem, S3Target, type S3TargetOptions } from "./s3-target.ts";
import type { S3FileSystem } from "./s3-file-system.ts";

export interface S3FlagTargetOptions {
  /** Name of the object that says that the others are complete. Default `_SUCCESS`, as Hadoop and Spark write it. */
  readonly flag?: string;
  /** The store. Default: all from the environment. */
  readonly fileSystem?: S3FileSystem;
}

/**
 * Many objects below one directory, complete when a flag object is there, which is written last. It exists when the flag
 * does.
 */
export class S3FlagTarget extends Target {
  /** Path of the directory, with a slash at its end. */
  readonly path: string;
  readonly flag: S3Target;
  readonly fileSystem: S3FileSystem;

  /** @throws UsageError `PATH_INVALID` for a path that does not end in a slash */
  constructor(path: string, options: S3FlagTargetOptions = {}) {
    super();
    if (!path.endsWith("/")) {
      const message = `The path ${JSON.stringify(path)} is that of an object. Give a directory, with a slash at its end.`;
      throw new UsageError("PATH_INVALID", message, { details: { path } });
    }
    this.path = path;
    this.fileSystem = options.fileSystem ?? defaultFileSystem();
    this.flag = this.file(options.flag ?? "_SUCCESS");
  }

  override exists(options?: OperationOptions): Promise<boolean> {
    return this.flag.exists(options);
  }

  /** One of the objects below the directory. */
  file(name: string, options: Omit<S3TargetOptions, "fileSystem"> = {}): S3Target {
    return new S3Target(this.path + name, { ...options, fileSystem: this.fileSystem });
  }

  /** Says that the objects are complete. */
  touch(options?: OperationOptions): Promise<void> {
    return this.flag.writeBytes(new Uint8Array(0), options);
  }

  /** Removes the flag and then the objects: nobody takes a part of them for all. Tells whether something was there. */
  override async remove(options?: OperationOptions): Promise<boolean> {
    const hadFlag = await this.flag.remove(options);
    const hadFiles = await this.fileSystem.remove(this.path, { ...options, recursive: true });
    return hadFlag || hadFiles;
  }

  override toString(): string {
    return this.path;
  }
}
