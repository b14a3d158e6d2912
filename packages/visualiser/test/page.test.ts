import { expect, it } from "vitest";
import { SseParser } from "../src/api/sse.ts";
import { toTimeLine } from "../src/history/time-line.ts";
import { parsePlace, toHash, withChanges } from "../src/live/location.ts";
import { countOn } from "../src/live/overview.ts";
import { readable } from "../src/task/readable.ts";
import { defaultOrder, parseTaskQuery } from "../src/tasks/task-query.ts";
import { safeUrl } from "../src/ui/safe-link.tsx";
import { formatDuration, formatRelative } from "../src/words/format.ts";
import { operationText } from "../src/words/operations.ts";
import { modulePath, rerunCommand } from "../src/words/task-text.ts";

it("reads events from pieces that end anywhere", () => {
  const text =
    'retry: 1000\n\nid: 7-1\nevent: task:status\ndata: {"a":1}\n\n: still here\n\nevent: reset\ndata: {}\n\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const parser = new SseParser();
    expect([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]).toEqual([
      { id: "7-1", event: "task:status", data: '{"a":1}' },
      { id: "", event: "reset", data: "{}" },
    ]);
  }
});

it("finds its way back to a place from the URL, whatever a task is called", () => {
  const id = "Load_a/b?c#d%e_ü";
  const { view, subject, params } = parsePlace(toHash("task", id, new URLSearchParams({ x: "1&2" })));
  expect([view, subject, params.get("x")]).toEqual(["task", id, "1&2"]);
  expect(parsePlace("").view).toBe("tasks");
  expect(parsePlace("#/task/%").subject).toBe("%");
  expect(withChanges(new URLSearchParams("a=1&a=2&b=3"), { a: undefined, b: ["4", "5"] }).toString()).toBe(
    "b=4&b=5",
  );
});

it("takes a list that nobody offers as the usual one", () => {
  expect(parseTaskQuery(new URLSearchParams("size=7"))).toMatchObject({
    size: 50,
    sort: "updated",
    isDescending: true,
    blocked: undefined,
  });
  expect(parseTaskQuery(new URLSearchParams("blocked=DONE")).blocked).toBeUndefined();
  expect(defaultOrder("family")).toBe("asc");
});

it("says what an operator did, also when it knows no words for it", () => {
  expect(operationText({ name: "markDone" })).toBe("Mark done");
  expect(operationText({ name: "setPaused", settings: { paused: false } })).toBe("Resumed the scheduler");
  expect(operationText({ name: "setResource", settings: { resource: "tape", limit: 2 } })).toBe(
    "Set the limit of tape to 2",
  );
  expect(operationText({ name: "toString" })).toBe("toString");
});

it("counts on by what events say", () => {
  const change = {
    type: "task:status",
    at: 0,
    taskId: "a",
    worker: null,
    token: null,
    reason: "reported",
  } as const;
  const counts = countOn({ PENDING: 1 }, [
    { ...change, from: "PENDING", to: "RUNNING" },
    { ...change, from: null, to: "UNKNOWN" },
  ]);
  expect(counts).toEqual({ PENDING: 0, RUNNING: 1, UNKNOWN: 1 });
});

it("shows durations in their two largest units", () => {
  const shown = [0, 40, 9_500, 59_000, 200_000, 7_500_000, 180_000_000].map(formatDuration);
  expect(shown).toEqual(["0 s", "0.04 s", "9.5 s", "59 s", "3 min 20 s", "2 h 5 min", "2 d 2 h"]);
  expect([formatRelative(0, 300), formatRelative(0, 3600), formatRelative(9000, 0)]).toEqual([
    "just now",
    "4 s ago",
    "in 9 s",
  ]);
});

it("lets a link lead only to the web", () => {
  expect(safeUrl("https://cluster.example/1")).toBe("https://cluster.example/1");
  for (const text of [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    " JaVaScRiPt:alert(1)",
    "x",
  ]) {
    expect(safeUrl(text), text).toBeUndefined();
  }
});

it("unpacks errors of Python workers and takes away the colours of terminals", () => {
  expect(readable('"line 1\\nline 2"')).toBe("line 1\nline 2");
  expect(readable("\u001b[31mred\u001b[0m")).toBe("red");
  expect(readable('"half')).toBe('"half');
});

it("names modules by path, as people do", () => {
  const modules = [
    "file:///etl/my%20songs.ts",
    "file:///C:/etl/songs.ts",
    "file:///%zz",
    "songs.ts",
    "etl.songs",
    "",
  ];
  expect(modules.map(modulePath)).toEqual([
    "/etl/my songs.ts",
    "C:/etl/songs.ts",
    "/%zz",
    "songs.ts",
    "etl.songs",
    "",
  ]);
  const named = { module: "file:///etl/my%20songs.ts", family: "Load", params: {} };
  expect(rerunCommand(named)).toBe("leat run '/etl/my songs.ts' Load");
});

it("quotes what a shell would not leave alone", () => {
  const params = { maxAge: "3", text: "it's $HOME" };
  expect(rerunCommand({ module: "songs.ts", family: "Load", params })).toBe(
    "leat run songs.ts Load --max-age 3 --text 'it'\\''s $HOME'",
  );
});

it("puts attempts on one line of time, in the order of their starts", () => {
  const attempt = { worker: "w", outcome: "DONE" } as const;
  const task = { label: "F()", family: "F", status: "DONE", deps: [] } as const;
  const run = {
    tasks: [
      { ...task, taskId: "late", attempts: [{ ...attempt, token: "2", startedAt: 150, endedAt: 200 }] },
      { ...task, taskId: "early", attempts: [{ ...attempt, token: "1", startedAt: 100, endedAt: 125 }] },
      { ...task, taskId: "never", attempts: [] },
    ],
    criticalPath: ["early", "late"],
    isTruncated: false,
  };
  const { rows, notRun } = toTimeLine(run, 1000);
  expect(rows.map(({ task: { taskId }, bars }) => [taskId, bars[0]?.left, bars[0]?.width])).toEqual([
    ["early", 0, 25],
    ["late", 50, 50],
  ]);
  expect(notRun).toBe(1);
});
