export { FtpFileSystem } from "./ftp-file-system.ts";
export type { FtpConnection, FtpConnectionOptions, FtpTls } from "./ftp-options.ts";
export { FtpTarget, type FtpTargetOptions } from "./ftp-target.ts";
