import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError } from "./http-error.ts";
import type { Schema } from "./schema.ts";
import type { Role } from "./tokens.ts";

/** A request that has come to its route. */
export interface Call {
  readonly request: IncomingMessage;
  /** Members of the path that the route names, decoded. */
  readonly path: { readonly [name: string]: string };
  readonly query: URLSearchParams;
  /** The JSON body, checked against the route's schema; `undefined` when the route has none. */
  readonly body: unknown;
  /** Aborted when the sender goes away or leatd stops. */
  readonly signal: AbortSignal;
}

/** A reply: JSON by default, `undefined` for none (204), or written by a function. */
export type Answer = Json | Written | undefined;

interface Json {
  readonly json: unknown;
  readonly headers?: { readonly [name: string]: string };
}

export interface Written {
  readonly write: (response: ServerResponse) => void;
}

export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema<any>;
  /** May be given several times. */
  readonly repeated?: boolean;
}

export interface Route {
  readonly method: "GET" | "POST";
  /** Members in braces stand for any one part, e.g. `/api/v1/tasks/{taskId}`. */
  readonly path: string;
  /** Who may call; `null`: everybody. */
  readonly role: Role | null;
  readonly summary: string;
  readonly query?: readonly QueryParameter[];
  /** The JSON body of a POST. A POST without it reads its body itself. */
  readonly body?: Schema<any>;
  /** Not part of the OpenAPI document. */
  readonly isHidden?: boolean;
  readonly handle: (call: Call) => Promise<Answer> | Answer;
}

export interface Found {
  readonly route: Route;
  readonly path: { readonly [name: string]: string };
}

/** Finds the route of a request, or throws the `HttpError` with which it is refused. */
export interface Finder {
  find(method: string, pathname: string): Found;
}

export class Router implements Finder {
  /** By their paths, those that have no members. */
  readonly #fixed = new Map<string, Route[]>();
  readonly #patterns: { readonly route: Route; readonly parts: readonly string[] }[] = [];

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const parts = route.path.split("/");
      const others = this.#fixed.get(route.path);
      if (parts.some(isMember)) this.#patterns.push({ route, parts });
      else if (others === undefined) this.#fixed.set(route.path, [route]);
      else others.push(route);
    }
  }

  /** Throws 404 for a path without routes, 405 for one that has only other methods. */
  find(method: string, pathname: string): Found {
    const fixed = this.#fixed.get(pathname);
    if (fixed !== undefined) return { route: withMethod(fixed, method), path: NO_MEMBERS };
    const parts = pathname.split("/");
    const matching = this.#patterns.filter((candidate) => matches(candidate.parts, parts));
    if (matching.length === 0) throw new HttpError(404, "NOT_FOUND", "There is nothing at this path.");
    const route = withMethod(
      matching.map((candidate) => candidate.route),
      method,
    );
    return { route, path: membersOf(route.path.split("/"), parts) };
  }
}

const NO_MEMBERS = {};

function withMethod(routes: readonly Route[], method: string): Route {
  const wanted = method === "HEAD" ? "GET" : method;
  const found = routes.find((route) => route.method === wanted);
  if (found !== undefined) return found;
  const allow = [...new Set(routes.map((route) => route.method))].join(", ");
  throw new HttpError(405, "METHOD_NOT_ALLOWED", `Use ${allow} here.`, { allow });
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((part, index) => (isMember(part) ? parts[index] !== "" : part === parts[index]))
  );
}

function membersOf(pattern: readonly string[], parts: readonly string[]): { [name: string]: string } {
  const members = pattern.flatMap((part, index) =>
    isMember(part) ? [[part.slice(1, -1), decode(parts[index] as string)] as const] : [],
  );
  return Object.fromEntries(members);
}

function isMember(part: string): boolean {
  return part.startsWith("{");
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpError(400, "INVALID_PATH", "The path has a % that begins no encoded character.");
  }
}
