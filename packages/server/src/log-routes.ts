import { HttpError } from "./http-error.ts";
import { sendText } from "./http-server.ts";
import type { Leatd } from "./leatd.ts";
import { Query } from "./query.ts";
import type { Answer, Call, QueryParameter, Route } from "./route.ts";
import { flag, id, object, text } from "./schema.ts";

const FOLLOW: readonly QueryParameter[] = [
  { name: "follow", description: "Go on with what is written, until the attempt ends.", schema: flag() },
];

/** Logs of attempts: workers write them, everybody who may read can follow them. */
export function logRoutes(leatd: Leatd): Route[] {
  return [
    {
      method: "POST",
      path: "/api/v1/appendLog",
      role: "worker",
      summary: "A worker adds to the log of an attempt. Not accepted when the attempt is over.",
      body: object({ worker: id(), taskId: id(), token: id(), text: text() }),
      handle: ({ body }) => append(leatd, body as LogPart),
    },
    {
      method: "GET",
      path: "/api/v1/attempts/{token}/log",
      role: "view",
      summary: "The log of an attempt, as text; empty when nothing was written or all of it is forgotten.",
      query: FOLLOW,
      handle: (call) => read(leatd, call),
    },
  ];
}

interface LogPart {
  readonly worker: string;
  readonly taskId: string;
  readonly token: string;
  readonly text: string;
}

async function append(
  { scheduler, logs, engine }: Leatd,
  { worker, taskId, token, text }: LogPart,
): Promise<Answer> {
  const attempt = scheduler.task(taskId)?.attempt;
  const accepted = attempt?.token === token && attempt.worker === worker;
  if (accepted) await logs.append(token, text, engine.now());
  return { json: { accepted } };
}

async function read({ logs, scheduler }: Leatd, { path, query }: Call): Promise<Answer> {
  const token = path["token"] ?? "";
  const isFollowed = new Query(query, FOLLOW).flag("follow") === true;
  if (!scheduler.wasBegun(token)) throw noAttempt(token);
  const isLive = () =>
    scheduler
      .workers()
      .some((worker) => worker.running.some((taskId) => scheduler.task(taskId)?.attempt?.token === token));
  if (isFollowed && isLive()) {
    return { write: (response) => void logs.follow(token, response).catch(() => response.destroy()) };
  }
  const text = await logs.read(token);
  return { write: (response) => sendText(response, 200, "text/plain; charset=utf-8", text) };
}

function noAttempt(token: string): HttpError {
  return new HttpError(
    404,
    "ATTEMPT_NOT_FOUND",
    `No attempt with the token ${JSON.stringify(token)} was ever begun here. /api/v1/attempts lists those that ended.`,
  );
}
