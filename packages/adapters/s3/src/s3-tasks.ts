import { ExternalTask, p } from "@leat/core";
import type { S3FileSystem } from "./s3-file-system.ts";
import { S3FlagTarget } from "./s3-flag-target.ts";
import { defaultFileSystem, S3Target } from "./s3-target.ts";

/** An object that something else makes. For another store than that of the environment, extend it and give `fileSystem`. */
export class S3PathTask extends ExternalTask.with({
  path: p.string({ description: "The object: s3://bucket/key." }),
}) {
  get fileSystem(): S3FileSystem {
    return defaultFileSystem();
  }

  override output(): S3Target {
    return new S3Target(this.path, { fileSystem: this.fileSystem });
  }
}

/** Objects below a directory that something else makes, which ends by writing a flag. */
export class S3FlagTask extends ExternalTask.with({
  path: p.string({ description: "The directory, with a slash at its end: s3://bucket/key/." }),
  flag: p.string({ default: "_SUCCESS", description: "Name of the object that is written last." }),
}) {
  get fileSystem(): S3FileSystem {
    return defaultFileSystem();
  }

  override output(): S3FlagTarget {
    return new S3FlagTarget(this.path, { flag: this.flag, fileSystem: this.fileSystem });
  }
}
