import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import type { CopyToTable } from "../copy-to-table.ts";
import type { LoadMode } from "../load-mode.ts";
import type { Row } from "../row-source.ts";
import type { LoadSpec } from "./load-workspace.ts";
import type { MessageLength } from "./message-proxy.ts";
import type { Workspace } from "./runner.ts";

/** A database on localhost whose loads go through a proxy. */
export interface ProxiedWorkspace extends Workspace {
  /** Where loads go, without TLS. Another port in it leads through a proxy. */
  readonly url: string;
  readonly messageLength: MessageLength;
  /** Makes a load by a URL such as `url`. */
  readonly makeLoad: (options: CrashLoad, spec: LoadSpec) => CopyToTable;
  /** Runs a statement; values of rows are text. */
  readonly query: (text: string) => Promise<readonly Readonly<Record<string, string | null>>[]>;
  /** Whether an error of `query` says that a table is missing. */
  readonly isMissingTable: (error: unknown) => boolean;
}

/** A database whose loads are ended by force. */
export interface CrashWorkspace extends ProxiedWorkspace {
  /** Starts a process that calls `serveLoads`. */
  readonly forkLoader: () => ChildProcess;
  /** Kills the server as a crash does, and starts it again. */
  readonly killServer: () => Promise<void>;
  readonly restartServer: () => Promise<void>;
}

/** Which table a load fills, in which mode. It can be sent to another process. */
export interface CrashLoad {
  readonly url: string;
  readonly table: string;
  readonly markerTable: string;
  readonly mode: CrashMode;
}

/** `first` is an append that finds neither table nor markers. */
export type CrashMode = "first" | "append" | "replace" | "replaceWhere" | "upsert";

export const CRASH_MODES: readonly CrashMode[] = ["first", "append", "replace", "replaceWhere", "upsert"];

/** Rows of a load; with their padding they are several messages in every protocol. */
const NEW_ROWS = 60;
const OLD_ROWS = 10;
/** Of the old rows, those that have the key of a new one, and as many that belong to the part that is replaced. */
const SHARED_ROWS = 4;
const PADDING = "x".repeat(3000);

const MODES: Readonly<Record<CrashMode, LoadMode>> = {
  first: "append",
  append: "append",
  replace: "replace",
  replaceWhere: { replaceWhere: { day: "today" } },
  upsert: { upsertBy: ["id"] },
};

/** What is in the table: old rows, new rows, and whether the marker is there. */
interface LoadState {
  readonly old: number;
  readonly fresh: number;
  readonly isDone: boolean;
}

/** Gives the task of a load. Its rows come in several batches. */
export function crashLoad(
  workspace: Pick<ProxiedWorkspace, "makeLoad">,
  load: CrashLoad,
  rows: LoadSpec["rows"] = newRows,
): CopyToTable {
  return workspace.makeLoad(load, {
    id: "load",
    table: load.table,
    mode: MODES[load.mode],
    columns: [
      ["id", "bigint"],
      ["kind", "varchar(10)"],
      ["day", "varchar(10)"],
      ["padding", "text"],
    ],
    rows,
  });
}

export async function* newRows(): AsyncGenerator<Row> {
  for (let row = 0; row < NEW_ROWS; row++) {
    yield [OLD_ROWS - SHARED_ROWS + row, "new", "today", PADDING];
  }
}

/** Makes what a load finds. */
export async function prepareCrashLoad(workspace: ProxiedWorkspace, load: CrashLoad): Promise<void> {
  if (load.mode === "first") return;
  const key = load.mode === "upsert" ? " primary key" : "";
  await workspace.query(
    `create table ${load.table} (id bigint${key}, kind varchar(10), day varchar(10), padding text)`,
  );
  const rows = Array.from({ length: OLD_ROWS }, (_, id) => {
    const day = id < OLD_ROWS - SHARED_ROWS ? "yesterday" : "today";
    return `(${id}, 'old', '${day}', '')`;
  });
  await workspace.query(`insert into ${load.table} values ${rows.join(", ")}`);
}

/** What was before a load, and what is after it; nothing else may ever be seen. */
function statesOf(mode: CrashMode): { readonly before: LoadState; readonly after: LoadState } {
  const old = mode === "first" ? 0 : OLD_ROWS;
  const kept = { first: 0, append: OLD_ROWS, replace: 0 }[mode as string] ?? OLD_ROWS - SHARED_ROWS;
  return {
    before: { old, fresh: 0, isDone: false },
    after: { old: kept, fresh: NEW_ROWS, isDone: true },
  };
}

/** Reads all of the state in one statement, so that it is that of one moment. */
async function readState(workspace: ProxiedWorkspace, load: CrashLoad): Promise<LoadState> {
  const count = (kind: string): string => `(select count(*) from ${load.table} where kind = '${kind}')`;
  const markers = `(select count(*) from ${load.markerTable} where update_id = 'load')`;
  try {
    const [row] = await workspace.query(
      `select ${count("old")} as old, ${count("new")} as fresh, ${markers} as markers`,
    );
    return { old: Number(row?.["old"]), fresh: Number(row?.["fresh"]), isDone: row?.["markers"] === "1" };
  } catch (error) {
    if (!workspace.isMissingTable(error)) throw error;
    return statesOf(load.mode).before;
  }
}

/** Says that all of a load is there, or nothing of it. */
export async function assertWhole(
  workspace: ProxiedWorkspace,
  load: CrashLoad,
  what: string,
): Promise<boolean> {
  const state = await readState(workspace, load);
  const { before, after } = statesOf(load.mode);
  assert.deepEqual(state, state.isDone ? after : before, what);
  return state.isDone;
}
