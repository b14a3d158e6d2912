import type { ActReply, Command } from "@leat/scheduler";
import { OPERATOR_COMMANDS } from "./command-schemas.ts";
import type { Database } from "./database.ts";
import type { Change } from "./engine.ts";
import type { Operation } from "./journal.ts";

/** Ids that are kept of the tasks that one operation changed. */
const MOST_IDS = 100;

/** These carry words between an operator and a task; they change nothing. */
const TALK: readonly Command["type"][] = ["sendMessage", "takeResponse"];

const REMEMBERED: ReadonlySet<Command["type"]> = new Set(
  OPERATOR_COMMANDS.filter((name) => !TALK.includes(name)),
);

/** What operators did by these changes. */
export function operationsOf(changes: readonly Change[]): Operation[] {
  return changes.flatMap((change) => operationOf(change) ?? []);
}

function operationOf({ at, command, reply }: Change): Operation | undefined {
  if (command.type === "act") {
    const { changes } = reply as ActReply;
    const taskIds = changes.slice(0, MOST_IDS).map(({ taskId }) => taskId);
    const { action, reason = "" } = command;
    return changes.length === 0 ? undefined : { at, name: action, reason, taskIds, tasks: changes.length };
  }
  if (!REMEMBERED.has(command.type)) return undefined;
  const { type, ...rest } = command as Extract<Command, { readonly type: string }> & {
    readonly taskId?: string;
  };
  const { taskId, ...settings } = rest;
  const taskIds = taskId === undefined ? [] : [taskId];
  return { at, name: type, reason: "", taskIds, tasks: taskIds.length, settings };
}

export interface OperationPage {
  readonly operations: readonly Operation[];
  readonly nextCursor: number | null;
}

/** Newest first. */
export async function readOperations(
  database: Database,
  limit: number,
  cursor = Number.MAX_SAFE_INTEGER,
): Promise<OperationPage> {
  const sql = "SELECT id, operation FROM operations WHERE id < $1 ORDER BY id DESC LIMIT $2";
  const rows = (await database.rows(sql, [cursor, limit + 1])) as readonly {
    id: number;
    operation: string;
  }[];
  const shown = rows.slice(0, limit);
  return {
    operations: shown.map(({ operation }) => JSON.parse(operation) as Operation),
    nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}
