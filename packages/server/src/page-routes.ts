import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Access } from "./access.ts";
import type { Answers } from "./answers.ts";
import { type PageFile, readPage } from "./page.ts";
import { refuseUnknown } from "./query.ts";
import type { Answer, Call, Route } from "./route.ts";

/** Only what leatd itself serves is loaded, asked and run; no script or style stands in the document. */
const PAGE_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  vary: "accept-encoding",
};

/** Names of assets hold a digest of their content, so they never change. The document names them and is asked anew. */
const FOREVER = "public, max-age=31536000, immutable";
const ASK_AGAIN = "no-cache";

/** The web page, which everybody may load. It shows nothing to those who may not read. */
export function pageRoutes(): Route[] {
  return [...readPage()].map(([path, file]) => fileRoute(path, file));
}

function fileRoute(path: string, file: PageFile): Route {
  return {
    method: "GET",
    path,
    role: null,
    summary: "A file of the web page.",
    isHidden: true,
    handle: ({ request }): Answer => ({ write: (response) => sendFile(request, response, file) }),
  };
}

function sendFile({ headers }: IncomingMessage, response: ServerResponse, file: PageFile): void {
  const common: OutgoingHttpHeaders = {
    ...PAGE_HEADERS,
    etag: file.etag,
    "cache-control": file.isImmutable ? FOREVER : ASK_AGAIN,
  };
  if (headers["if-none-match"] === file.etag) return void response.writeHead(304, common).end();
  const acceptsGzip = /\bgzip\b/.test(headers["accept-encoding"] ?? "");
  const body = acceptsGzip ? (file.gzipped ?? file.bytes) : file.bytes;
  response.writeHead(200, {
    ...common,
    "content-type": file.type,
    "content-length": body.length,
    ...(body === file.gzipped ? { "content-encoding": "gzip" } : {}),
  });
  response.end(body);
}

/** Tells the page who its user is, so that it offers only what the user may do. */
export function sessionRoute(access: Access): Route {
  return {
    method: "GET",
    path: "/api/v1/session",
    role: "view",
    summary: "What the sender may do, and whether leatd asks for tokens.",
    handle: ({ request, query }: Call): Answer => {
      refuseUnknown(query);
      const session = { roles: [...access.rolesOf(request)], needsToken: access.needsToken };
      return { json: session satisfies Answers["/api/v1/session"] };
    },
  };
}
