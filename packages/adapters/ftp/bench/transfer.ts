// Throughput of uploads and downloads against curl, on one server, alternated. Arguments: MiB, rounds.
import { execFileSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFtp } from "@leat-internal/dev-servers";
import { FtpTarget } from "@leat/ftp";

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
  await compare(
    `upload, tls ${tls}`,
    () => target.writeFrom(createReadStream(source, { highWaterMark: 262_144 })),
    () => curl("-T", source),
  );
  await compare(`download, tls ${tls}`, download(target), () => curl("-o", "/dev/null"));
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

async function compare(what: string, ours: () => Promise<void>, theirs: () => void): Promise<void> {
  const [leat, curl]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    leat.push(await seconds(ours));
    curl.push(await seconds(theirs));
  }
  const [mine, other] = [mebibytes / median(leat), mebibytes / median(curl)];
  console.log(
    `${what}: leat ${mine.toFixed(0)} MiB/s, curl ${other.toFixed(0)} MiB/s, ratio ${(mine / other).toFixed(2)}`,
  );
}

async function seconds(work: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] as number;
}
