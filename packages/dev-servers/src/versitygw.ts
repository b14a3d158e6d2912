import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { inTemporaryDirectory, makeDirectory } from "./directories.ts";
import { findExecutable, isExecutable } from "./executables.ts";
import { lifecycleOf, type ServerLifecycle } from "./lifecycle.ts";
import { LOCALHOST, onPort } from "./ports.ts";
import type { S3Server } from "./s3.ts";
import { runToEnd, ServerProcess } from "./server-process.ts";

const VERSION = "v1.7.0";
const MODULE = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`;

/** It took 71 seconds on two cores, with an empty build cache. */
const BUILD_TIMEOUT_MS = 900_000;

const REGION = "us-east-1";

/** The path of `versitygw`, if `installVersitygw` has built it. */
export function findVersitygw(): string | undefined {
  const program = path.join(installDirectory(), "versitygw");
  return isExecutable(program) ? program : undefined;
}

/**
 * Builds `versitygw` from the Go module proxy, unless it is there, and gives its path. Needs Go 1.25. The program is kept
 * in LEAT_TOOLS_DIR (default: `~/.cache/leat-tools`).
 */
export async function installVersitygw(): Promise<string> {
  const found = findVersitygw();
  if (found !== undefined) return found;
  const go = findExecutable("go");
  if (go === undefined)
    throw new Error("No go found to build versitygw; install Go 1.25 or newer, see https://go.dev/dl/");
  const directory = installDirectory();
  mkdirSync(directory, { recursive: true });
  // Unlike a server, a build is this user's own work: with the caches and proxies of this process's variables.
  const environment = { ...process.env, HOME: os.homedir(), GOBIN: directory };
  await runToEnd(
    { name: "go install", command: go, args: ["install", MODULE], directory, environment },
    BUILD_TIMEOUT_MS,
  );
  return path.join(directory, "versitygw");
}

/** Starts an S3 service that keeps objects as files of a temporary directory, and waits until it answers. */
export async function startVersitygw(
  options: { readonly port?: number } = {},
): Promise<S3Server & ServerLifecycle> {
  const command = findVersitygw();
  if (command === undefined)
    throw new Error(`No versitygw in ${installDirectory()}; build it with installVersitygw()`);
  return inTemporaryDirectory("leat-versitygw", undefined, async ({ path: directory, remove }) => {
    for (const name of ["objects", "metadata"]) makeDirectory(path.join(directory, name));
    const keys = {
      accessKeyId: randomBytes(10).toString("hex"),
      secretAccessKey: randomBytes(20).toString("hex"),
    };
    return onPort(options.port, async (port) => {
      const connection = { endpoint: `http://${LOCALHOST}:${port}`, region: REGION, ...keys };
      const start = () => launch(command, directory, connection);
      return { ...connection, ...lifecycleOf(await start(), start, remove) };
    });
  });
}

async function launch(
  command: string,
  directory: string,
  connection: Omit<S3Server, "stop">,
): Promise<ServerProcess> {
  const { endpoint, region, accessKeyId, secretAccessKey } = connection;
  const server = new ServerProcess({
    name: "versitygw",
    command,
    // Metadata in files: not every file system that has /tmp has the extended attributes which it uses otherwise.
    args: [
      "--quiet",
      "--health",
      "/health",
      "posix",
      "--sidecar",
      path.join(directory, "metadata"),
      path.join(directory, "objects"),
    ],
    directory,
    environment: {
      VGW_PORT: new URL(endpoint).host,
      VGW_REGION: region,
      ROOT_ACCESS_KEY_ID: accessKeyId,
      ROOT_SECRET_ACCESS_KEY: secretAccessKey,
    },
  });
  await server.waitUntilReady(async () => {
    const { ok, status } = await fetch(`${endpoint}/health`);
    if (!ok) throw new Error(`versitygw answers ${status}`);
  });
  return server;
}

function installDirectory(): string {
  const tools = process.env["LEAT_TOOLS_DIR"] ?? path.join(os.homedir(), ".cache", "leat-tools");
  return path.join(tools, `versitygw-${VERSION}`);
}
