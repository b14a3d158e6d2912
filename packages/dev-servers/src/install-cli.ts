/**
 * Installs the servers that the tests use and that are missing: `node install-cli.js [server …]`. On Debian, as root, it
 * runs apt-get; elsewhere it prints what to run and exits with 1. The server `versitygw`, which only comes when it is
 * named, is built with Go.
 */
import { spawnSync } from "node:child_process";
import { isRoot } from "./accounts.ts";
import { aptArguments, aptLine, type DebianServer } from "./debian-packages.ts";
import { findExecutable } from "./executables.ts";
import { DEBIAN_SERVERS, isInstalled } from "./installed.ts";
import { installVersitygw } from "./versitygw.ts";

const BUILT = "versitygw";

async function main(names: readonly string[]): Promise<void> {
  const wanted = names.filter((name) => name !== BUILT).map(debianServer);
  if (names.includes(BUILT)) console.log(`versitygw: ${await installVersitygw()}`);
  else if (wanted.length === 0) wanted.push(...DEBIAN_SERVERS);
  const missing = wanted.filter((server) => !isInstalled(server));
  if (missing.length > 0) installFromDebian(missing);
  console.log(`Servers installed: ${DEBIAN_SERVERS.filter(isInstalled).join(", ")}`);
}

function debianServer(name: string): DebianServer {
  const server = DEBIAN_SERVERS.find((server) => server === name);
  if (server !== undefined) return server;
  throw new Error(`No server "${name}" to install; there are ${[...DEBIAN_SERVERS, BUILT].join(", ")}`);
}

function installFromDebian(servers: readonly DebianServer[]): void {
  const aptGet = findExecutable("apt-get");
  if (aptGet === undefined || !isRoot()) {
    throw new Error(`Not installed: ${servers.join(", ")}. On Debian, run: ${aptLine(servers)}`);
  }
  run(aptGet, ["update"]);
  run(aptGet, aptArguments(servers));
}

function run(command: string, args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status } = spawnSync(command, args, { stdio: "inherit", env });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed (exit code ${status})`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
