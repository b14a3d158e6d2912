// Throughput of uploads and downloads against curl, on one server, alternated. Arguments: MiB, rounds.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFtp } from "@leat-internal/dev-servers";
import { compareRates } from "../../../../bench/lib/rates.ts";

const [mebibytes = 256, rounds = 5] = process.argv.slice(2).map(Number);
const server = await startFtp();
const directory = await mkdtemp(join(tmpdir(), "leat-bench-"));
const paths = ["source", "small", "received", "ca.pem"].map((name) => join(directory, name));
const [source, small, received, authority] = paths as [string, string, string, string];
await writeFile(source, Buffer.alloc(mebibytes * 1024 * 1024, "0123456789abcdef"));
await writeFile(small, Buffer.alloc(1024 * 1024));
await writeFile(authority, server.ca);

for (const tls of ["none", "explicit"] as const) {
  const { host, port, user, password, ca } = server;
  const connection = { host, port, user, password, ca, tls };
  const store = { kind: "ftp", path: "file", connection } as const;
  const security = tls === "none" ? [] : ["--ssl-reqd", "--cacert", authority];
  const url = `ftp://${host}:${port}/file`;
  const curl = (...args: string[]): void => {
    // By its standard input, the password is in no list of processes.
    execFileSync("curl", ["-sS", "-K", "-", ...security, ...args, url], {
      input: `user = "${user}:${password}"`,
    });
  };
  const size = { mebibytes, rounds };
  const reference = (...args: string[]) => ({ name: "curl", run: () => curl(...args) });
  const upload = { store, direction: "upload", file: source, small } as const;
  await compareRates({ what: `upload, tls ${tls}`, leat: upload, reference: reference("-T", source) }, size);
  const download = { store, direction: "download", file: received, small } as const;
  const toFile = reference("-o", received);
  await compareRates({ what: `download, tls ${tls}`, leat: download, reference: toFile }, size);
}
await rm(directory, { recursive: true });
await server.stop();
