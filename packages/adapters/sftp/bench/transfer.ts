// Uploads and downloads a file with the `sftp` command line and with this package, in turn, on one private server.
// Run: npm run bench -w @leat/sftp [MiB] [rounds]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { startSftp, type SftpServer } from "@leat-internal/dev-servers";
import { LocalTarget } from "@leat/core";
import { SftpTarget } from "@leat/sftp";

const MEBIBYTE = 1024 * 1024;
const [mebibytes = 256, rounds = 7] = process.argv.slice(2).map(Number);

const directory = mkdtempSync(join(tmpdir(), "leat-sftp-bench-"));
const server = await startSftp();
try {
  await compare(server);
} finally {
  await server.stop();
  rmSync(directory, { recursive: true });
}

async function compare({ host, port, user, privateKey, hostKeySha256, home }: SftpServer): Promise<void> {
  const [source, received, key] = [
    join(directory, "source"),
    join(directory, "received"),
    join(directory, "key"),
  ];
  execFileSync("dd", ["if=/dev/urandom", `of=${source}`, "bs=1M", `count=${mebibytes}`, "status=none"]);
  writeFileSync(key, privateKey, { mode: 0o600 });
  const connection = { host, port, user, privateKey, hostKeySha256 };
  const target = new SftpTarget(join(home, "remote"), { connection });
  const sftp = (command: string): void => runSftp(key, `${user}@${host}`, port, command);
  const contestants = {
    "sftp put": async () => sftp(`put ${source} ${target.path}`),
    "leat put": () => new LocalTarget(source).copyTo(target),
    "sftp get": async () => sftp(`get ${target.path} ${received}`),
    "leat get": () => target.copyTo(new LocalTarget(received)),
  };
  const seconds = await alternate(contestants);
  if (statSync(received).size !== mebibytes * MEBIBYTE) throw new Error("A download is not whole");
  report(seconds);
}

function runSftp(key: string, login: string, port: number, command: string): void {
  const options = ["-q", "-b", "-", "-i", key, "-P", `${port}`, "-o", "StrictHostKeyChecking=no"];
  const run = spawnSync("sftp", [...options, "-o", "UserKnownHostsFile=/dev/null", login], {
    input: `${command}\n`,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`sftp failed: ${run.stderr}`);
}

/** The times of each, in seconds; the first round warms up and is not counted. */
async function alternate(contestants: Readonly<Record<string, () => Promise<void>>>) {
  const seconds: Record<string, number[]> = {};
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const start = performance.now();
      await run();
      if (round > 0) (seconds[name] ??= []).push((performance.now() - start) / 1000);
    }
  }
  return seconds;
}

function report(seconds: Readonly<Record<string, readonly number[]>>): void {
  console.log(`${mebibytes} MiB, median of ${rounds}, ${cpus().length} × ${cpus()[0]?.model}`);
  const rate = (name: string): number => mebibytes / median(seconds[name] ?? []);
  for (const way of ["put", "get"]) {
    const [reference, ours] = [rate(`sftp ${way}`), rate(`leat ${way}`)];
    const rates = `sftp ${reference.toFixed(0)} MiB/s, leat ${ours.toFixed(0)} MiB/s`;
    console.log(`${way}: ${rates}, ratio ${(ours / reference).toFixed(2)}`);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
