import { randomBytes } from "node:crypto";
import path from "node:path";
import tls from "node:tls";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { required } from "./debian-packages.ts";
import { inTemporaryDirectory } from "./directories.ts";
import { findExecutable } from "./executables.ts";
import { readGreeting } from "./greeting.ts";
import { lifecycleOf, type ServerLifecycle } from "./lifecycle.ts";
import { LOCALHOST, onPort } from "./ports.ts";
import { accountOf, dropRootTo, type RunAs } from "./run-as.ts";
import { ServerProcess } from "./server-process.ts";

export interface RedisOptions {
  /** Defaults to a free port. */
  readonly port?: number;
  /** Whether the server speaks TLS, and only that. Defaults to false. */
  readonly tls?: boolean;
  /** More settings of `redis.conf`, such as `{ appendonly: "yes" }` for data that survive `kill()`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** A Redis on 127.0.0.1 with a random password. It keeps nothing on disk unless told to. */
export interface RedisServer extends ServerLifecycle {
  /** `redis://…`, or with TLS `rediss://…` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** With TLS: the certificate, as PEM, of the authority to trust. */
  readonly ca?: string;
}

/** The path of `redis-server`, or of Valkey's. */
export function findRedis(): string | undefined {
  return findExecutable("redis-server", "valkey-server");
}

interface Plan {
  readonly command: string;
  readonly directory: string;
  readonly runAs: RunAs;
  readonly port: number;
  readonly password: string;
  readonly certificates: Certificates | undefined;
  readonly settings: Readonly<Record<string, string | number>>;
}

/** Starts Redis in a temporary directory and waits until it answers. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const command = required(findRedis(), "redis");
  const runAs = dropRootTo("redis", "valkey");
  return inTemporaryDirectory("leat-redis", accountOf(runAs), async ({ path: directory, remove }) => {
    const certificates = options.tls ? await makeCertificates(path.join(directory, "tls"), runAs) : undefined;
    const base = { command, directory, runAs, certificates, password: randomBytes(16).toString("hex") };
    return onPort(options.port, async (port) => {
      const plan: Plan = { ...base, port, settings: options.settings ?? {} };
      return { ...connectionTo(plan), ...lifecycleOf(await launch(plan), () => launch(plan), remove) };
    });
  });
}

async function launch(plan: Plan): Promise<ServerProcess> {
  const args = Object.entries(settingsOf(plan)).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = new ServerProcess({ ...plan, name: "Redis", args });
  await server.waitUntilReady(() => ping(plan));
  return server;
}

function settingsOf({ port, directory, password, certificates, settings }: Plan) {
  const common = { bind: LOCALHOST, dir: directory, requirepass: password, save: "", appendonly: "no" };
  const listen = certificates ? { port: 0, "tls-port": port, ...tlsSettings(certificates) } : { port };
  return { ...common, ...listen, ...settings };
}

function tlsSettings({ caFile, certificateFile, keyFile }: Certificates) {
  return {
    "tls-cert-file": certificateFile,
    "tls-key-file": keyFile,
    "tls-ca-cert-file": caFile,
    "tls-auth-clients": "no",
  };
}

function connectionTo({ port, password, certificates }: Plan) {
  const url = `${certificates ? "rediss" : "redis"}://:${password}@${LOCALHOST}:${port}`;
  return { url, host: LOCALHOST, port, password, ...(certificates && { ca: certificates.ca }) };
}

async function ping({ port, password, certificates }: Plan): Promise<void> {
  const connectTls = () => tls.connect({ port, host: LOCALHOST, ca: certificates?.ca });
  const answer = await readGreeting(port, `AUTH ${password}\r\n`, certificates && connectTls);
  // While it loads data, Redis accepts connections and answers -LOADING.
  if (!answer.toString().startsWith("+OK")) throw new Error(`Redis answered ${answer.toString().trim()}`);
}
