import { FileTarget, type FileTargetOptions } from "@leat/core";
import { FtpFileSystem } from "./ftp-file-system.ts";
import type { FtpConnection } from "./ftp-options.ts";

export interface FtpTargetOptions extends FileTargetOptions {
  /** The server, or a file system that others use too. Targets with equal connections share one. */
  readonly connection: FtpConnection | FtpFileSystem;
}

/** By connection as text. It has the password in it, as the file system itself has. */
const shared = new Map<string, FtpFileSystem>();

/** A file on an FTP server. */
export class FtpTarget extends FileTarget {
  override readonly fileSystem: FtpFileSystem;

  /** @param path from the root of the server with a slash in front, else from the directory where the login starts */
  constructor(path: string, options: FtpTargetOptions) {
    super(path, options);
    const { connection } = options;
    this.fileSystem = connection instanceof FtpFileSystem ? connection : sharedFileSystem(connection);
  }
}

function sharedFileSystem(connection: FtpConnection): FtpFileSystem {
  const key = JSON.stringify(connection);
  const fileSystem = shared.get(key) ?? new FtpFileSystem(connection);
  shared.set(key, fileSystem);
  return fileSystem;
}
