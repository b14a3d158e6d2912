import {
  batches,
  CopyToTable,
  csvFile,
  type Dialect,
  type LoadMode,
  type LoadSession,
  type MarkerPlace,
  MarkerTarget,
  plainText,
  type RowSource,
  TextRowEncoder,
} from "@leat/copy-to-table";
import { MemoryTarget, type RunContext, standaloneContext, TargetError } from "@leat/core";
import { expect, it } from "vitest";

class Marker extends MarkerTarget {
  protected override place(): MarkerPlace {
    return { pool: this, markerTable: "markers" };
  }
  protected override withStore(): never {
    throw new Error("not asked for");
  }
}

/** A session that notes its calls. It answers as a database does that has neither the table nor the marker. */
function recorder(calls: string[], answers: Partial<LoadSession> = {}): LoadSession {
  const note =
    <T>(name: string, answer?: T) =>
    async (...args: readonly unknown[]): Promise<T> => {
      calls.push([name, ...args.filter((arg) => typeof arg === "string" || Array.isArray(arg))].join(" "));
      return answer as T;
    };
  return {
    identifier: (name) => `<${name}>`,
    tableIdentifier: (table) => `<${table}>`,
    query: note("query", { rows: [], rowCount: 0 }),
    ensureMarkerTable: note("ensureMarkerTable"),
    raiseFence: note("raiseFence", true),
    isFencedOff: note("isFencedOff", false),
    tableExists: note("tableExists", false),
    createTable: note("createTable"),
    addColumns: note("addColumns"),
    begin: note("begin"),
    claimMarker: note("claimMarker", true),
    clear: note("clear"),
    count: note("count", 1),
    stage: note("stage", { schema: undefined, name: "staging" }),
    copyRows: async (_table, columns, feed) => {
      calls.push(`copyRows ${columns.join()}`);
      let text = "";
      for await (const chunk of feed.encode(new TextRowEncoder(columns.map(() => plainText))))
        text += chunk.toString();
      calls.push(text);
      return 1;
    },
    copyFile: note("copyFile", 1),
    merge: note("merge", 1),
    commit: note("commit", "committed" as const),
    rollback: note("rollback"),
    close: () => void calls.push("close"),
    ...answers,
  };
}

function makeLoad(session: LoadSession, mode: LoadMode, rows: () => RowSource): CopyToTable {
  class Load extends CopyToTable {
    override readonly table = "songs";
    override readonly columns = [
      ["id", "bigint"],
      ["name", "text"],
    ] as const;
    override readonly mode = mode;
    override readonly metadataColumns = [["source", "text"]] as const;
    override readonly metadataQueries = ["update"];
    override rows(): RowSource {
      return rows();
    }
    override output(): MarkerTarget {
      return new Marker(this.table, this.updateId);
    }
    protected override dialect(): Dialect {
      return { connect: async () => session };
    }
  }
  return new Load();
}

async function run(task: CopyToTable, context: Partial<RunContext> = {}): Promise<string[]> {
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  const log = { debug: write, info: write, warn: write, error: write };
  await task.run(standaloneContext(task, { log, ...context }));
  return lines;
}

const before = [
  "ensureMarkerTable",
  "tableExists",
  "createTable <id> bigint, <name> text",
  "addColumns ",
  "begin",
  "claimMarker",
];

it("calls a dialect in the documented order", async () => {
  const calls: string[] = [];
  await run(makeLoad(recorder(calls), "replace", () => [[1, "SOS"]]));
  expect(calls.map((call) => call.replace(/\[object Object\]/g, ""))).toEqual([
    ...before,
    "clear",
    "copyRows id,name",
    "1\tSOS\n",
    "query update",
    "commit",
    "close",
  ]);
});

it("stages an upsert, and makes the table with its key", async () => {
  const calls: string[] = [];
  await run(makeLoad(recorder(calls), { upsertBy: ["id"] }, () => batches([])));
  expect(calls.slice(2)).toEqual([
    "createTable <id> bigint, <name> text, primary key (<id>)",
    "addColumns [object Object]",
    "begin",
    "claimMarker",
    "stage id,name id",
    "copyRows id,name",
    "",
    "merge id,name id",
    "query update",
    "commit",
    "close",
  ]);
});

it("hands a file over", async () => {
  const calls: string[] = [];
  await run(makeLoad(recorder(calls), "append", () => csvFile(new MemoryTarget("songs.csv"))));
  expect(calls).toContain("copyFile id,name");
});

it("does nothing when the marker is there", async () => {
  const calls: string[] = [];
  const session = recorder(calls, { claimMarker: async () => false });
  const lines = await run(makeLoad(session, "append", () => expect.unreachable("rows() was called")));
  expect(calls.slice(-2)).toEqual(["rollback", "close"]);
  expect(lines).toEqual([
    expect.stringMatching(/^Nothing to do for songs: the marker Load_\S* is there already\.$/),
  ]);
});

const shared = { token: "mi000000-7" };
const lost = new TargetError("TARGET_UNAVAILABLE", "The connection is lost.", { retryable: true });

it("raises the fence in a shared run, before anything else", async () => {
  const calls: string[] = [];
  const task = makeLoad(recorder(calls), "append", () => []);
  await run(task, shared);
  expect(calls.slice(0, 3)).toEqual(["ensureMarkerTable", `raiseFence ${task.id}`, "tableExists"]);
});

it.each<[string, Partial<LoadSession>]>([
  ["the fence of a newer attempt is there", { raiseFence: async () => false }],
  ["a newer attempt has raised it before the COMMIT", { commit: async () => "fencedOff" }],
  [
    "a newer attempt has ended the session",
    { copyRows: () => Promise.reject(lost), isFencedOff: async () => true },
  ],
  [
    "a newer attempt came while the reply to COMMIT was lost",
    { commit: async () => "unknown", isFencedOff: async () => true },
  ],
])("rejects with TASK_LEASE_LOST when %s", async (_when, answers) => {
  const calls: string[] = [];
  const task = makeLoad(recorder(calls, answers), "append", () => []);
  await expect(run(task, shared)).rejects.toMatchObject({ code: "TASK_LEASE_LOST", taskId: task.id });
  expect(calls.at(-1)).toBe("close");
});

it("tells a lost connection as such while no newer attempt is there, or the database cannot say", async () => {
  for (const isFencedOff of [async () => false, () => Promise.reject(lost)]) {
    const session = recorder([], { copyRows: () => Promise.reject(lost), isFencedOff });
    await expect(
      run(
        makeLoad(session, "append", () => []),
        shared,
      ),
    ).rejects.toBe(lost);
  }
});

it("rolls back and gives the connection back after a failure", async () => {
  const calls: string[] = [];
  const reason = new Error("no rows");
  const rows = (): RowSource => {
    throw reason;
  };
  await expect(run(makeLoad(recorder(calls), "append", rows))).rejects.toBe(reason);
  expect(calls.slice(-2)).toEqual(["rollback", "close"]);
});
