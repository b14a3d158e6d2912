// Uploads and downloads a file with the `sftp` command line and with this package, in turn, on one private server.
// Run: npm run bench -w @leat/sftp [MiB] [rounds]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSftp, type SftpServer } from "@leat-internal/dev-servers";
import { compareRates } from "../../../../bench/lib/rates.ts";

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

async function compare({ host, port, user, privateKey, hostKeySha256 }: SftpServer): Promise<void> {
  const paths = ["source", "small", "received", "key"].map((name) => join(directory, name));
  const [source, small, received, key] = paths as [string, string, string, string];
  execFileSync("dd", ["if=/dev/urandom", `of=${source}`, "bs=1M", `count=${mebibytes}`, "status=none"]);
  writeFileSync(small, Buffer.alloc(1024 * 1024));
  writeFileSync(key, privateKey, { mode: 0o600 });
  const connection = { host, port, user, privateKey, hostKeySha256 };
  const store = { kind: "sftp", path: join(directory, "remote"), connection } as const;
  const sftp = (command: string): void => runSftp(key, `${user}@${host}`, port, command);
  const size = { mebibytes, rounds };
  const reference = (command: string, small: string) => ({
    name: "sftp",
    run: () => sftp(command),
    runSmall: () => sftp(small),
  });
  const put = reference(`put ${source} ${store.path}`, `put ${small} ${store.path}-login`);
  await compareRates(
    { what: "put", leat: { store, direction: "upload", file: source, small }, reference: put },
    size,
  );
  const get = reference(`get ${store.path} ${received}`, `get ${store.path}-login ${received}-login`);
  await compareRates(
    { what: "get", leat: { store, direction: "download", file: received, small }, reference: get },
    size,
  );
  if (statSync(received).size !== mebibytes * MEBIBYTE) throw new Error("A download is not whole");
}

function runSftp(key: string, login: string, port: number, command: string): void {
  const options = ["-q", "-b", "-", "-i", key, "-P", `${port}`, "-o", "StrictHostKeyChecking=no"];
  const run = spawnSync("sftp", [...options, "-o", "UserKnownHostsFile=/dev/null", login], {
    input: `${command}\n`,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`sftp failed: ${run.stderr}`);
}
