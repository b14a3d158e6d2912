import { Agent as HttpAgent, type RequestOptions, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { SchedulerError } from "../errors.ts";

/** One place where a scheduler may answer. Connections are kept open and used again. */
export interface Endpoint {
  /** Its URL without credentials. */
  readonly name: string;
  readonly place: RequestOptions;
  readonly headers: { readonly [name: string]: string };
  /** What the paths of the API are appended to; no slash at the end. */
  readonly basePath: string;
  readonly request: typeof requestHttp;
  readonly agent: HttpAgent;
}

/**
 * Reads `http://host:port/base`, `https://…`, and `http+unix://` with the encoded path of a socket. Credentials in the
 * URL are sent as basic ones, unless there is a token. `ca` takes the place of the certificates that Node trusts.
 */
export function parseEndpoint(text: string, token: string | undefined, ca: string | undefined): Endpoint {
  const url = parseUrl(text);
  const basic =
    url.username === "" ? undefined : `Basic ${toBase64(`${decode(url.username)}:${decode(url.password)}`)}`;
  const authorization = token === undefined ? basic : `Bearer ${token}`;
  const isSecure = url.protocol === "https:";
  return {
    name: `${url.protocol}//${url.host}${url.pathname}`,
    place: placeOf(url),
    headers: authorization === undefined ? {} : { authorization },
    basePath: url.pathname.replace(/\/+$/, ""),
    request: isSecure ? requestHttps : requestHttp,
    agent: isSecure
      ? new HttpsAgent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) })
      : new HttpAgent({ keepAlive: true }),
  };
}

const PROTOCOLS = ["http:", "https:", "http+unix:"];

function parseUrl(text: string): URL {
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (PROTOCOLS.includes(url.protocol) && url.host !== "") return url;
  }
  const shown = text.replace(/\/\/.*@/, "//");
  throw new SchedulerError(
    "INVALID_COMMAND",
    `"${shown}" is no URL of a scheduler. Give one like http://host:8082.`,
  );
}

function placeOf(url: URL): RequestOptions {
  if (url.protocol === "http+unix:") return { socketPath: decode(url.host) };
  return { hostname: url.hostname.replace(/^\[|\]$/g, ""), ...(url.port === "" ? {} : { port: url.port }) };
}

function decode(text: string): string {
  return decodeURIComponent(text);
}

function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}
