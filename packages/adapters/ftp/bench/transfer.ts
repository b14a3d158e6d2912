// Throughput of uploads and downloads against curl, on one server, alternated. Arguments: MiB, rounds.
import { execFileSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFtp } from "@leat-internal/dev-servers";
import { FtpTarget } from "@leat/ftp";
import { compareRates } from "../../../../bench/lib/rates.ts";

const [mebibytes = 256, rounds = 5] = process.argv.slice(2).map(Number);
const server = await startFtp();
const directory = await mkdtemp(join(tmpdir(), "leat-bench-"));
const source = join(directory, "source");
await writeFile(source, Buffer.alloc(mebibytes * 1024 * 1024, "0123456789abcdef"));
await writeFile(join(directory, "ca.pem"), server.ca);

for (const tls of ["none", "explicit"] as const) {
  const { host, port, user, password, ca } = server;
  const target = new FtpTarget("file", { connection: { host, port, user, password, ca, tls } });
  const security = tls === "none" ? [] : ["--ssl-reqd", "--cacert", join(directory, "ca.pem")];
  const url = `ftp://${host}:${port}/file`;
  const curl = (...args: string[]): void => {
    // By its standard input, the password is in no list of processes.
    execFileSync("curl", ["-sS", "-K", "-", ...security, ...args, url], {
      input: `user = "${user}:${password}"`,
    });
  };
  const size = { mebibytes, rounds };
  const reference = (...args: string[]) => ({ name: "curl", run: () => curl(...args) });
  const upload = () => target.writeFrom(createReadStream(source, { highWaterMark: 262_144 }));
  await compareRates({ what: `upload, tls ${tls}`, leat: upload, reference: reference("-T", source) }, size);
  const toNowhere = reference("-o", "/dev/null");
  await compareRates({ what: `download, tls ${tls}`, leat: download(target), reference: toNowhere }, size);
  await target.fileSystem.close();
}
await rm(directory, { recursive: true });
await server.stop();

function download(target: FtpTarget) {
  return async (): Promise<void> => {
    let bytes = 0;
    for await (const chunk of await target.createReadStream()) bytes += (chunk as Buffer).byteLength;
    if (bytes !== mebibytes * 1024 * 1024) throw new Error(`${bytes} bytes came`);
  };
}
