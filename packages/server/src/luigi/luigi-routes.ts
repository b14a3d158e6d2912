import { readText } from "../body.ts";
import { HttpError } from "../http-error.ts";
import { sendText } from "../http-server.ts";
import type { Leatd } from "../leatd.ts";
import type { Call, Route, Written } from "../route.ts";
import type { Role } from "../tokens.ts";
import { Arguments } from "./arguments.ts";
import type { Calls } from "./calls.ts";
import { parsePythonJson, toPageJson } from "./json.ts";
import { operatorCalls } from "./operator-calls.ts";
import { Runs } from "./runs.ts";
import { viewCalls } from "./view-calls.ts";
import { workerCalls } from "./worker-calls.ts";

/**
 * The RPC of luigid, so that Luigi's workers can use leatd in its place: `/api/<method>` with the arguments as JSON in
 * `data`, answered by `{"response": …}`. What changes something is refused by GET.
 */
export function luigiRoutes(leatd: Leatd): Route[] {
  const runs = new Runs(leatd.scheduler);
  const toRoutes = (calls: Calls, role: Role, methods: readonly Route["method"][]) =>
    Object.keys(calls).flatMap((name) => methods.map((method) => toRoute(leatd, calls, name, role, method)));
  return [
    ...toRoutes(workerCalls(leatd.engine, runs, leatd.emails), "worker", ["POST"]),
    ...toRoutes(operatorCalls(leatd.engine, runs), "operate", ["POST"]),
    ...toRoutes(viewCalls(leatd.scheduler, leatd.index, runs), "view", ["POST", "GET"]),
  ];
}

function toRoute(leatd: Leatd, calls: Calls, name: string, role: Role, method: Route["method"]): Route {
  const carryOut = calls[name] as Calls[string];
  return {
    method,
    path: `/api/${name}`,
    role,
    summary: "As luigid.",
    isHidden: true,
    handle: async (call) => {
      const data = await readData(call, leatd.maxBodyBytes);
      return toAnswer(await carryOut(new Arguments(parsePythonJson(data))));
    },
  };
}

/** `data` from the query or from a form. */
async function readData({ request, query }: Call, maxBytes: number): Promise<string> {
  if (request.method !== "POST") return query.get("data") ?? "{}";
  const body = await readText(request, maxBytes);
  const type = request.headers["content-type"] ?? "";
  if (body !== "" && !type.startsWith("application/x-www-form-urlencoded")) {
    throw new HttpError(415, "UNSUPPORTED_MEDIA_TYPE", "Send the arguments as the field `data` of a form.");
  }
  return new URLSearchParams(body).get("data") ?? query.get("data") ?? "{}";
}

function toAnswer(response: unknown): Written {
  const text = toPageJson({ response: response ?? null });
  return { write: (out) => sendText(out, 200, "application/json; charset=UTF-8", text) };
}
