import type { Command, GetWork } from "@leat/scheduler";
import {
  COMMAND_SCHEMAS,
  COMMAND_SUMMARIES,
  type CommandName,
  OPERATOR_COMMANDS,
  WORKER_COMMANDS,
} from "./command-schemas.ts";
import type { Leatd } from "./leatd.ts";
import type { Answer, Call, Route } from "./route.ts";
import { integer, type Schema } from "./schema.ts";
import type { Role } from "./tokens.ts";

/** One POST for each command; its body is the command, its answer the reply. */
export function commandRoutes(leatd: Leatd): Route[] {
  const toRoutes = (names: readonly CommandName[], role: Role) =>
    names.map((name) => toRoute(leatd, name, role));
  return [...toRoutes(WORKER_COMMANDS, "worker"), ...toRoutes(OPERATOR_COMMANDS, "operate")];
}

function toRoute(leatd: Leatd, name: CommandName, role: Role): Route {
  const common = { method: "POST", path: `/api/v1/${name}`, role, summary: COMMAND_SUMMARIES[name] } as const;
  if (name === "getWork") return { ...common, body: getWorkSchema, handle: (call) => getWork(leatd, call) };
  return { ...common, body: COMMAND_SCHEMAS[name], handle: (call) => execute(leatd, name, call) };
}

async function execute({ engine }: Leatd, name: CommandName, { body }: Call): Promise<Answer> {
  const reply = await engine.execute({ ...(body as object), type: name } as Command);
  return reply === undefined ? undefined : { json: reply, headers: timeHeader(engine.now()) };
}

const waitMs = integer(0, 300_000);

/** `getWork` with the time to wait for work; the rest is checked as the command. */
const getWorkSchema: Schema<GetWork & { readonly waitMs?: number }> = withWait(COMMAND_SCHEMAS.getWork);

function withWait(schema: Schema<GetWork>): Schema<GetWork & { readonly waitMs?: number }> {
  const properties = schema.json["properties"] as object;
  return {
    json: { ...schema.json, properties: { ...properties, waitMs: waitMs.json } },
    check: (value, path) => {
      const { waitMs: wait, ...rest } = (value ?? {}) as { waitMs?: unknown };
      if (wait !== undefined) waitMs.check(wait, `${path}.waitMs`);
      schema.check(wait === undefined ? value : rest, path);
    },
  };
}

async function getWork({ engine, workQueue, maxWaitMs }: Leatd, call: Call): Promise<Answer> {
  const { waitMs: wanted = 0, ...command } = call.body as GetWork & { readonly waitMs?: number };
  const reply = await workQueue.getWork(engine, command, Math.min(wanted, maxWaitMs), call);
  return { json: reply, headers: timeHeader(engine.now()) };
}

/** Times in replies are those of leatd's clock: a worker compares it with its own. */
function timeHeader(now: number): { readonly [name: string]: string } {
  return { "leat-time": String(now) };
}
