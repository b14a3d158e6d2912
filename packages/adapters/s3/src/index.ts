export { S3FileSystem } from "./s3-file-system.ts";
export { S3FlagTarget, type S3FlagTargetOptions } from "./s3-flag-target.ts";
export type { S3Connection, S3ConnectionSettings, S3Encryption, S3FileSystemOptions } from "./s3-options.ts";
export { S3Target, type S3TargetOptions } from "./s3-target.ts";
export { S3FlagTask, S3PathTask } from "./s3-tasks.ts";
