import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A package as `npm pack` gave it. */
export interface Packed {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly integrity: string;
  /** Bytes of the tarball, and of the files in it. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

export interface PackedRegistry {
  readonly packages: readonly Packed[];
  /** What npm needs in its environment to use it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * A registry on this machine which has the packages of this repository as they would be published, and sends npm to its usual
 * registry for everything else. So the commands of a guide run as they stand.
 */
export async function startPackedRegistry(): Promise<PackedRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "leat-registry-"));
  const packages = await packAll(folder);
  const usual = (await npm(root, ["config", "get", "registry"])).trim().replace(/\/?$/, "/");
  const cache = await cacheWithoutPrograms(folder);
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "").slice(1));
    const packed = packages.find(({ name }) => name === path);
    const file = packages.find(({ filename }) => `-/${filename}` === path);
    if (packed !== undefined) sendMetadata(response, packed, address());
    else if (file !== undefined) createReadStream(join(folder, file.filename)).pipe(response);
    else response.writeHead(307, { location: usual + request.url?.slice(1) }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    packages,
    environment: {
      npm_config_registry: address(),
      npm_config_cache: cache,
      // To fetch create-leat without a question.
      npm_config_yes: "true",
      npm_config_audit: "false",
      npm_config_fund: "false",
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

/** A cache with the downloads of the usual one, and without the programs of `npm create`, which are those of an earlier run. */
async function cacheWithoutPrograms(folder: string): Promise<string> {
  const downloads = join((await npm(root, ["config", "get", "cache"])).trim(), "_cacache");
  const cache = join(folder, "cache");
  mkdirSync(downloads, { recursive: true });
  mkdirSync(cache);
  symlinkSync(downloads, join(cache, "_cacache"));
  return cache;
}

/** Folders of the packages that are published, relative to the repository. */
export function publishedFolders(): string[] {
  return ["packages", "packages/adapters", "packages/contrib"]
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((path) => readdirSync(join(root, path)).includes("package.json"))
    .filter((path) => manifestOf(path)["private"] !== true);
}

export function manifestOf(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Record<string, unknown>;
}

async function packAll(destination: string): Promise<Packed[]> {
  const folders = publishedFolders().map((folder) => `./${folder}`);
  return JSON.parse(
    await npm(root, ["pack", "--json", "--pack-destination", destination, ...folders]),
  ) as Packed[];
}

async function npm(cwd: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)("npm", [...args], { cwd, maxBuffer: 2 ** 26 })).stdout;
}

function sendMetadata(response: ServerResponse, packed: Packed, address: string): void {
  const { name, version, filename, integrity } = packed;
  const folder = publishedFolders().find((path) => manifestOf(path)["name"] === name) as string;
  const manifest = { ...manifestOf(folder), dist: { tarball: `${address}-/${filename}`, integrity } };
  const metadata = { name, "dist-tags": { latest: version }, versions: { [version]: manifest } };
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(metadata));
}
