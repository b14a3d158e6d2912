import { FileTarget, type FileTargetOptions } from "@leat/core";
import { SftpFileSystem } from "./sftp-file-system.ts";
import type { SftpConnection } from "./sftp-options.ts";

export interface SftpTargetOptions extends FileTargetOptions {
  /** The server, or a file system with options of its own. Targets with equal connections share their connections. */
  readonly connection: SftpConnection | SftpFileSystem;
}

const shared = new Map<string, SftpFileSystem>();

/** A file on an SFTP server. A path that does not begin with `/` is relative to where a login starts. */
export class SftpTarget extends FileTarget {
  override readonly fileSystem: SftpFileSystem;

  /** @throws UsageError `OPTION_INVALID` */
  constructor(path: string, options: SftpTargetOptions) {
    super(path, options);
    this.fileSystem = fileSystemFor(options.connection);
  }

  /** `sftp://user@host/absolute/path`, `sftp://user@host/~/relative/path` */
  override toString(): string {
    return `${this.fileSystem.server}${this.path.startsWith("/") ? "" : "/~/"}${this.path}`;
  }
}

function fileSystemFor(connection: SftpConnection | SftpFileSystem): SftpFileSystem {
  if (connection instanceof SftpFileSystem) return connection;
  // The key has the password in it, as the file system itself has.
  const key = JSON.stringify(connection);
  const fileSystem = shared.get(key) ?? new SftpFileSystem({ connection });
  shared.set(key, fileSystem);
  return fileSystem;
}
