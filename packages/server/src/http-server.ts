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
import type { RateLimit } from "./rate-limit.ts";
import type { Answer, Call, Finder, Route } from "./route.ts";

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
  /** Of the calls that are under way. */
  readonly #controllers = new Set<AbortController>();

  constructor(options: HttpServerOptions) {
    this.#options = options;
    options.stopping.addEventListener("abort", () => {
      for (const controller of this.#controllers) controller.abort();
    });
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const start = performance.now();
    let path = "";
    try {
      const url = urlOf(request);
      const { route, path: members } = this.#options.router().find(request.method ?? "", url.pathname);
      path = route.path;
      this.#admit(request, route);
      const body = route.body && (await this.#readBody(request, route));
      send(
        response,
        await this.#call(route, request, response, { path: members, query: url.searchParams, body }),
      );
    } catch (error) {
      this.#refuse(response, error);
    }
    this.#options.onAnswer(path, response.statusCode, (performance.now() - start) / 1000);
  }

  #admit(request: IncomingMessage, route: Route): void {
    const sender = request.socket.remoteAddress ?? "";
    if (!this.#options.rateLimit.take(sender, performance.now())) {
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

  async #call(
    route: Route,
    request: IncomingMessage,
    response: ServerResponse,
    rest: Pick<Call, "path" | "query" | "body">,
  ): Promise<Answer> {
    const controller = new AbortController();
    const leave = () => controller.abort();
    if (this.#options.stopping.aborted) leave();
    this.#controllers.add(controller);
    response.once("close", leave);
    try {
      return await route.handle({ request, signal: controller.signal, ...rest });
    } finally {
      response.off("close", leave);
      this.#controllers.delete(controller);
    }
  }

  #refuse(response: ServerResponse, thrown: unknown): void {
    const error = HttpError.from(thrown);
    if (error.status === 500) this.#options.onError(thrown);
    if (response.headersSent) return void response.destroy();
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
    sendJson(response, error.status, {
      error: { code: error.code, message: error.message, ...error.details },
    });
  }
}

function urlOf({ url = "/" }: IncomingMessage): URL {
  try {
    // A path that begins with two slashes is a path here, not the name of another machine.
    return new URL(`http://leatd${url.startsWith("/") ? url : "/"}`);
  } catch {
    throw new HttpError(400, "INVALID_PATH", "The path of the request is not a valid one.");
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === undefined) response.writeHead(204, SAFE_HEADERS).end();
  else if ("json" in answer) sendJson(response, 200, answer.json, answer.headers);
  else answer.write(response);
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: { readonly [name: string]: string } = {},
): void {
  for (const [name, text] of Object.entries(headers)) response.setHeader(name, text);
  sendText(response, status, "application/json; charset=utf-8", JSON.stringify(value));
}

export function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    ...SAFE_HEADERS,
    "content-type": type,
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
