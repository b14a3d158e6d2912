import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** One file of the web page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Absent for what does not get smaller. */
  readonly gzipped: Buffer | undefined;
  /** Quoted, as in the header. */
  readonly etag: string;
  /** Its name changes with its content. */
  readonly isImmutable: boolean;
}

/** The files of the web page by path, e.g. `/assets/index-BvX3.js`; `/` is the document. */
export type Page = ReadonlyMap<string, PageFile>;

const TYPES: { readonly [extension: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Made by the build of this package. */
const FOLDER = fileURLToPath(new URL("../page", import.meta.url));

/**
 * Reads the whole page into memory: it is small, and a request then only looks up a name, so that no path leads out
 * of the folder. Empty when the page was not built.
 */
export function readPage(folder: string = FOLDER): Page {
  if (!existsSync(join(folder, "index.html"))) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) =>
    name.replaceAll("\\", "/"),
  );
  const known = names.filter((name) => Object.hasOwn(TYPES, extname(name)));
  return new Map(known.map((name) => [pathOf(name), readFile(folder, name)]));
}

function pathOf(name: string): string {
  return name === "index.html" ? "/" : `/${name}`;
}

function readFile(folder: string, name: string): PageFile {
  const bytes = readFileSync(join(folder, name));
  const gzipped = gzipSync(bytes, { level: 9 });
  return {
    type: TYPES[extname(name)] as string,
    bytes,
    gzipped: gzipped.length < bytes.length ? gzipped : undefined,
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 27)}"`,
    isImmutable: name.startsWith("assets/"),
  };
}
