import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { S3Client } from "@aws-sdk/client-s3";
import { DEFAULTS, endpointOf, type S3Connection, type S3ConnectionSettings } from "./s3-options.ts";

/** As in the SDK. */
const CONNECTIONS = { keepAlive: true, maxSockets: 50 } as const;

/** Clients of ours by their settings: a program that names a connection a thousand times has one. */
const shared = new Map<string, S3Client>();
const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** The client for a connection. Idle connections do not keep the process alive. */
export function clientFor(connection: S3Connection = {}): S3Client {
  if (isClient(connection)) return connection;
  const key = keyOf(connection);
  const client = shared.get(key) ?? newClient(connection);
  shared.set(key, client);
  return client;
}

/** Closes the connections of a client of ours. Used again, it connects again. */
export function closeClient(client: S3Client): void {
  if ([...shared.values()].includes(client)) client.destroy();
}

/** Whether a client talks to AWS itself. */
export function isAws(connection: S3Connection = {}): boolean {
  if (isClient(connection)) return connection.config.isCustomEndpoint !== true;
  return endpointOf(connection) === undefined;
}

/** The SDK may be installed twice, so a client is known by what it can do. */
function isClient(connection: S3Connection): connection is S3Client {
  return typeof (connection as S3Client).send === "function";
}

/** The settings as text, functions by their identity. It has the secret in it, as the client itself has. */
function keyOf(settings: S3ConnectionSettings): string {
  const effective = { ...settings, endpoint: endpointOf(settings) };
  return JSON.stringify(effective, (_, value: unknown) =>
    typeof value === "function" ? identityOf(value) : value,
  );
}

function identityOf(value: object): number {
  const identity = identities.get(value) ?? ++lastIdentity;
  identities.set(value, identity);
  return identity;
}

function newClient(settings: S3ConnectionSettings): S3Client {
  const endpoint = endpointOf(settings);
  const { region, credentials, ca, checksums, pathStyle = endpoint !== undefined } = settings;
  return new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(checksums === undefined
      ? {}
      : { requestChecksumCalculation: checksums, responseChecksumValidation: checksums }),
    forcePathStyle: pathStyle,
    requestHandler: {
      connectionTimeout: settings.connectTimeoutMs ?? DEFAULTS.connectTimeoutMs,
      socketTimeout: settings.idleTimeoutMs ?? DEFAULTS.idleTimeoutMs,
      // Without these, the SDK makes a connection for each large upload, and that with none of their settings.
      httpAgent: new Agent(CONNECTIONS),
      httpsAgent: new TlsAgent({ ...CONNECTIONS, ...(ca === undefined ? {} : { ca }) }),
    },
  });
}
