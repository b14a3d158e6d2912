import { findChromium } from "./chromium.ts";
import { DEBIAN_PACKAGES, type DebianServer } from "./debian-packages.ts";
import { findProftpd } from "./ftp.ts";
import { findMariadb } from "./mariadb.ts";
import { findDebianPostgres } from "./postgres-binaries.ts";
import { findRedis } from "./redis.ts";
import { findCeph } from "./s3.ts";
import { findOpenssh } from "./sftp.ts";

const FINDERS: Readonly<Record<DebianServer, () => unknown>> = {
  postgres: () => findDebianPostgres(),
  mariadb: findMariadb,
  redis: findRedis,
  sftp: findOpenssh,
  ftp: findProftpd,
  s3: findCeph,
  chromium: findChromium,
};

export const DEBIAN_SERVERS = Object.keys(DEBIAN_PACKAGES) as DebianServer[];

/** True when the programs of the server are on this machine. */
export function isInstalled(server: DebianServer): boolean {
  return FINDERS[server]() !== undefined;
}
