import { SftpFileSystem, SftpTarget, type SftpConnectionSettings } from "@leat/sftp";
import type { FileStoreClient } from "@leat/testkit";

interface Place {
  readonly directory: string;
  readonly connection: SftpConnectionSettings;
}

/** What a child process opens; `argument` is a Place as JSON. */
export function openSftpClient(argument: string): FileStoreClient {
  const { directory, connection } = JSON.parse(argument) as Place;
  const fileSystem = new SftpFileSystem({ connection });
  return {
    fileSystem,
    root: "/",
    target: (path, options) => new SftpTarget(`${directory}/${path}`, { ...options, connection: fileSystem }),
  };
}
