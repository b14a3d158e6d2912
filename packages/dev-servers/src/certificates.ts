import { readFileSync } from "node:fs";
import path from "node:path";
import { makeDirectory, writePrivateFile } from "./directories.ts";
import { findExecutable } from "./executables.ts";
import { accountOf, type RunAs } from "./run-as.ts";
import { runToEnd } from "./server-process.ts";

/**
 * A server's certificate for `localhost` and 127.0.0.1, and for addresses that proxies before it can have (127.0.0.2 to .9),
 * with the private authority that signed it.
 */
export interface Certificates {
  /** The authority's certificate, as PEM: what a client has to trust. */
  readonly ca: string;
  readonly caFile: string;
  readonly certificateFile: string;
  /** Mode 0600. */
  readonly keyFile: string;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
const SIGNED_BY_CA = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
const AUTHORITY = ["-subj", "/CN=Private test authority", "-addext", "basicConstraints=critical,CA:TRUE"];
const DAYS = 3650;
const ADDRESSES = Array.from({ length: 9 }, (_, index) => `IP:127.0.0.${index + 1}`);
const SERVER_EXTENSIONS = `subjectAltName=DNS:localhost,${ADDRESSES.join(",")}\nbasicConstraints=CA:FALSE\n`;

/**
 * Makes certificates with `openssl` in a new directory; they belong to the account that runs the server.
 *
 * @param days for which that of the server is valid from now on; a negative number makes one that has expired
 */
export async function makeCertificates(
  directory: string,
  runAs: RunAs,
  days: number = DAYS,
): Promise<Certificates> {
  makeDirectory(directory, accountOf(runAs));
  writePrivateFile(path.join(directory, "extensions"), SERVER_EXTENSIONS, accountOf(runAs));
  const openssl = (...args: readonly string[]) => runOpenssl(args, directory, runAs);
  await openssl(
    "req",
    "-x509",
    ...NEW_KEY,
    ...AUTHORITY,
    "-days",
    `${DAYS}`,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
  );
  await openssl("req", ...NEW_KEY, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr");
  const files = ["-in", "server.csr", "-out", "server.pem", "-extfile", "extensions"];
  await openssl("x509", "-req", ...files, ...SIGNED_BY_CA, "-days", `${days}`);
  return certificatesIn(directory);
}

function certificatesIn(directory: string): Certificates {
  const caFile = path.join(directory, "ca.pem");
  return {
    ca: readFileSync(caFile, "utf8"),
    caFile,
    certificateFile: path.join(directory, "server.pem"),
    keyFile: path.join(directory, "server.key"),
  };
}

/** Runs `openssl` and gives its output. */
export async function runOpenssl(args: readonly string[], directory: string, runAs: RunAs): Promise<string> {
  const command = findExecutable("openssl");
  if (command === undefined)
    throw new Error("No openssl found to make certificates; install the package openssl");
  return runToEnd({ name: `openssl ${args[0]}`, command, args, directory, runAs });
}
