import type { Leatd } from "./leatd.ts";
import { openApi } from "./openapi.ts";
import { refuseUnknown } from "./query.ts";
import type { Answer, Call, Route } from "./route.ts";
import { sendText } from "./http-server.ts";

/** What is neither a command nor a JSON view: events, metrics, health, and the description of all of it. */
export function otherRoutes(leatd: Leatd, others: readonly Route[]): Route[] {
  const { events, metrics, scheduler, version } = leatd;
  const routes: Route[] = [
    {
      method: "GET",
      path: "/api/v1/events",
      role: "view",
      summary: "What happens, as server-sent events. The header Last-Event-ID goes on after an event.",
      handle: (call) => stream(leatd, call),
    },
    {
      method: "GET",
      path: "/metrics",
      role: "view",
      summary: "Counters and gauges in the text format of Prometheus.",
      handle: () => text("text/plain; version=0.0.4; charset=utf-8", metrics.toText(scheduler)),
    },
    {
      method: "GET",
      path: "/healthz",
      role: null,
      summary: "Answers as long as leatd serves.",
      handle: () => ({ json: { status: "ok", readers: events.readers } }),
    },
  ];
  const document = openApi([...others, ...routes], version);
  const description: Route = {
    method: "GET",
    path: "/api/v1/openapi.json",
    role: null,
    summary: "This document.",
    handle: () => ({ json: document }),
  };
  return [...routes, description];
}

function stream({ events }: Leatd, { request, query }: Call): Answer {
  refuseUnknown(query);
  const lastId = request.headers["last-event-id"];
  return { write: (response) => events.open(response, typeof lastId === "string" ? lastId : undefined) };
}

function text(type: string, body: string): Answer {
  return { write: (response) => sendText(response, 200, type, body) };
}
