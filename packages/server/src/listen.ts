import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { ServerError } from "./errors.ts";
import type { FullOptions } from "./server-options.ts";

/** Listens where the options say. Resolves to the URL at which the server can be reached. */
export async function listen(server: Server, options: FullOptions): Promise<string> {
  const { address, port, socketPath, tls } = options;
  if (socketPath !== undefined) {
    await removeStaleSocket(socketPath);
    await bind(server, { path: socketPath }, `the unix socket "${socketPath}"`);
    // Whoever may open the socket may do everything.
    chmodSync(socketPath, 0o600);
    return `http+unix://${encodeURIComponent(socketPath)}`;
  }
  await bind(server, { host: address, port }, `${address}, port ${port}`);
  const bound = server.address() as AddressInfo;
  const host = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return `${tls === undefined ? "http" : "https"}://${host}:${bound.port}`;
}

type Place = { readonly path: string } | { readonly host: string; readonly port: number };

function bind(server: Server, place: Place, where: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(unavailable(where, error));
    server.once("error", fail);
    server.listen(place, () => {
      server.off("error", fail);
      resolve();
    });
  });
}

const HINTS: { readonly [code: string]: string } = {
  EADDRINUSE: "Another program listens there. Stop it, or give leatd another --port.",
  EACCES: "This user may not listen there. Ports below 1024 need a privilege; give another --port.",
  EADDRNOTAVAIL: "This machine does not have that address. Give one it has with --address.",
  ENOTFOUND: "No machine has that name. Give an address of this one with --address.",
  ENOENT: "The folder of the socket does not exist. Make it first.",
};

function unavailable(where: string, error: NodeJS.ErrnoException): ServerError {
  const hint = HINTS[error.code ?? ""] ?? "";
  const message = `leatd cannot listen on ${where}: ${error.message}. ${hint}`.trim();
  return new ServerError("ADDRESS_UNAVAILABLE", message, { cause: error });
}

/** A leatd that was killed leaves its socket behind. One that answers is in use. */
async function removeStaleSocket(path: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return;
  const isUsed = await new Promise<boolean>((resolve) => {
    const probe = connect(path, () => resolve(true));
    probe.on("error", () => resolve(false));
    probe.on("connect", () => probe.destroy());
  });
  if (!isUsed) unlinkSync(path);
}
