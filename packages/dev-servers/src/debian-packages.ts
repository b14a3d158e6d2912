/** The Debian packages that hold the programs of each server, and of the browser. At most one FTP server fits on a system. */
export const DEBIAN_PACKAGES = {
  postgres: ["postgresql"],
  mariadb: ["mariadb-server"],
  redis: ["redis-server"],
  sftp: ["openssh-server"],
  ftp: ["proftpd-core", "proftpd-mod-crypto", "openssl"],
  s3: ["radosgw", "ceph-mon", "ceph-osd"],
  chromium: ["chromium", "fonts-liberation"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A server that Debian has. */
export type DebianServer = keyof typeof DEBIAN_PACKAGES;

/** The arguments of `apt-get` that install the servers without a question. */
export function aptArguments(servers: readonly DebianServer[]): string[] {
  const packages = servers.flatMap((server) => DEBIAN_PACKAGES[server]);
  return ["install", "--yes", "--no-install-recommends", ...packages];
}

/** The command that installs the servers on Debian. */
export function aptLine(servers: readonly DebianServer[]): string {
  return `sudo apt-get ${aptArguments(servers).join(" ")}`;
}

/** The programs found, or an error that names the packages which hold them. */
export function required<T>(programs: T | undefined, server: DebianServer): T {
  if (programs !== undefined) return programs;
  throw new Error(`The programs of the ${server} server are not installed. On Debian: ${aptLine([server])}`);
}
