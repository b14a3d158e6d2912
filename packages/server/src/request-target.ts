import { HttpError } from "./http-error.ts";

/** What a request asks for. */
export interface RequestTarget {
  readonly pathname: string;
  readonly query: URLSearchParams;
}

/** Nothing in such a path means anything else to a parser of URLs. */
const PLAIN_PATH = /^(?:\/[\w-]+)+$/;

/** Reads the first line of a request. Throws 400 for what is no path. */
export function parseTarget(target = "/"): RequestTarget {
  // Nearly all calls have such a path.
  if (PLAIN_PATH.test(target)) return { pathname: target, query: new URLSearchParams() };
  const { pathname, searchParams } = parse(target);
  return { pathname, query: searchParams };
}

function parse(target: string): URL {
  try {
    // A path that begins with two slashes is a path here, not the name of another machine.
    return new URL(`http://leatd${target.startsWith("/") ? target : "/"}`);
  } catch {
    throw new HttpError(400, "INVALID_PATH", "The path of the request is not a valid one.");
  }
}
