import { setMaxListeners } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Access } from "./access.ts";
import { readJson } from "./body.ts";
import { ServerError } from "./errors.ts";
import { HttpError } from "./http-error.ts";
import { type CallParts, OpenCall } from "./open-call.ts";
import type { RateLimit } from "./rate-limit.ts";
import { parseTarget } from "./request-target.ts";
import type { Answer, Finder, Route } from "./route.ts";

export interface HttpServerOptions {
  /** Finds the route of a request; another one may come in its place while leatd runs. */
  readonly router: () => Finder;
  readonly access: Access;
  readonly rateLimit: RateLimit;
  readonly maxBodyBytes: number;
  /** Aborted when leatd stops: calls that wait are answered at once. */
  readonly stopping: AbortSignal;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  /** Told of what went wrong inside leatd. */
  readonly onError: (error: unknown) => void;
  /** Told of each answer. */
  readonly onAnswer: (path: string, status: number, seconds: number) => void;
}

const SAFE_HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
};

/** A connection that sends no request for this long is closed; longer than the pauses between heartbeats. */
const KEEP_ALIVE_MS = 75_000;

export function createHttpServer(options: HttpServerOptions): Server {
  const handler = new Handler(options);
  const listener = (request: IncomingMessage, response: ServerResponse) =>
    void handler.handle(request, response);
  const server =
    options.tls === undefined ? createServer(listener) : createSecureServer(options.tls, listener);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

function createSecureServer(tls: NonNullable<HttpServerOptions["tls"]>, listener: RequestListener): Server {
  try {
    return createTlsServer({ ...tls, minVersion: "TLSv1.2" }, listener);
  } catch (error) {
    const message = `The TLS certificate and key cannot be used: ${(error as Error).message}`;
    throw new ServerError("OPTION_INVALID", message, { cause: error });
  }
}

/** Answers requests: checks who sends them and what, finds the route, and says in JSON what is wrong. */
class Handler {
  readonly #options: HttpServerOptions;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    // Each call that waits listens.
    setMaxListeners(0, options.stopping);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const start = performance.now();
    let path = "";
    try {
      const { pathname, query } = parseTarget(request.url);
      const found = this.#options.router().find(request.method ?? "", pathname);
      path = found.route.path;
      this.#admit(request, found.route, start);
      const body = found.route.body && (await this.#readBody(request, found.route));
      send(response, await this.#call(found.route, { request, response, path: found.path, query, body }));
    } catch (error) {
      this.#refuse(response, error);
    }
    this.#options.onAnswer(path, response.statusCode, (performance.now() - start) / 1000);
  }

  #admit(request: IncomingMessage, route: Route, now: number): void {
    const sender = request.socket.remoteAddress ?? "";
    if (!this.#options.rateLimit.take(sender, now)) {
      throw new HttpError(429, "RATE_LIMITED", "Too many requests from this address.", {
        "retry-after": "1",
      });
    }
    if (route.role !== null) this.#options.access.require(request, route.role);
  }

  async #readBody(request: IncomingMessage, route: Route): Promise<unknown> {
    const body = await readJson(request, this.#options.maxBodyBytes);
    route.body?.check(body, "body");
    return body;
  }

  async #call(route: Route, parts: CallParts): Promise<Answer> {
    const call = new OpenCall(parts, this.#options.stopping);
    try {
      return await route.handle(call);
    } finally {
      call.end();
    }
  }

  #refuse(response: ServerResponse, thrown: unknown): void {
    const error = HttpError.from(thrown);
    if (error.status === 500) this.#options.onError(thrown);
    if (response.headersSent) return void response.destroy();
    const { status, code, message, details, headers } = error;
    sendJson(response, status, { error: { code, message, ...details } }, headers);
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === undefined) response.writeHead(204, SAFE_HEADERS).end();
  else if ("json" in answer) sendJson(response, 200, answer.json, answer.headers);
  else answer.write(response);
}

function sendJson(response: ServerResponse, status: number, value: unknown, headers?: Headers): void {
  sendText(response, status, "application/json; charset=utf-8", JSON.stringify(value), headers);
}

interface Headers {
  readonly [name: string]: string;
}

export function sendText(
  response: ServerResponse,
  status: number,
  type: string,
  text: string | Buffer,
  headers?: Headers,
): void {
  response.writeHead(status, {
    ...SAFE_HEADERS,
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
