export { SftpFileSystem } from "./sftp-file-system.ts";
export type { SftpConnection, SftpConnectionSettings, SftpFileSystemOptions } from "./sftp-options.ts";
export { SftpTarget, type SftpTargetOptions } from "./sftp-target.ts";
