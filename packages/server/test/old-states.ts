import { readFileSync } from "node:fs";
import { expect, onTestFinished } from "vitest";
import { AttemptLogs } from "../src/attempt-logs.ts";
import { Engine } from "../src/engine.ts";
import { History } from "../src/history.ts";
import { readOperations } from "../src/operations.ts";
import { recover } from "../src/recovery.ts";
import { openStore, type Store } from "../src/store.ts";
import { ManualClock } from "./support.ts";

type Item = { readonly [member: string]: unknown };

/**
 * What each version of leatd wrote until it was killed: a snapshot, the commands after it, history and logs; and beside it
 * what that leatd itself said of it. Never made anew: a state that was written once must be readable for ever.
 */
export interface OldState {
  /** Of the scheduler, as its snapshot has them. */
  readonly records: readonly Item[];
  readonly attempts: readonly Item[];
  readonly operations: readonly Item[];
  readonly runs: readonly Item[];
  /** By token. */
  readonly logs: { readonly [token: string]: string };
}

export const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");

/** What a leatd said that kept its state in this version of SQLite's schema. */
export const oldState = (version: number): OldState =>
  JSON.parse(fixture(`state-v${version}.json`)) as OldState;

/** Opens the state as the only leatd that uses it, until the test ends. */
export async function openState(statePath: string): Promise<Store> {
  const store = await openStore({
    statePath,
    url: "http://a",
    signal: new AbortController().signal,
    onStandby: () => expect.fail("Nobody else has the state."),
    onDeposed: (error) => expect.fail(error.message),
  });
  onTestFinished(() => store.journal.close());
  return store;
}

/** Goes on with a state from where its leatd was killed, with the settings that it had. */
export async function goOn({ journal }: Store): Promise<{ engine: Engine; replayed: number }> {
  const clock = new ManualClock();
  const config = { resources: { db: 2 }, retryDelaySeconds: 100, retryCount: 2, doneCooldownSeconds: 0 };
  const recovered = await recover(journal, config, clock.ms);
  const onFailure = (error: Error) => expect.fail(error.message);
  const engine = new Engine({ ...recovered, journal, clock: clock.read, listeners: [], onFailure });
  return { engine, replayed: recovered.replayed };
}

/** What this leatd says of the state now, as far as the one that wrote it could say it: later members have defaults. */
export async function sayAsThen(
  { scheduler }: Engine,
  { database }: Store,
  then: OldState,
): Promise<OldState> {
  const history = new History(database);
  const logs = new AttemptLogs(database);
  const texts = Object.keys(then.logs).map(async (token) => [token, await logs.read(token)] as const);
  return {
    records: knownThen([...scheduler.snapshot()], then.records),
    attempts: knownThen((await history.attempts({ limit: 100 })).attempts, then.attempts),
    operations: knownThen((await readOperations(database, 100)).operations, then.operations),
    runs: knownThen((await history.runs(100)).runs, then.runs),
    logs: Object.fromEntries(await Promise.all(texts)),
  };
}

function knownThen(items: readonly object[], then: readonly Item[]): Item[] {
  return items.map((item, index) => {
    const known = Object.keys(then[index] ?? {});
    return Object.fromEntries(Object.entries(item).filter(([name]) => known.includes(name)));
  });
}

/** A worker that outlived its leatd reports what it ran, and an operator mends what the old leatd had given up. */
export async function workOn(engine: Engine): Promise<void> {
  const { attempt } = engine.scheduler.task("Running") ?? {};
  const report = { type: "report", worker: "w", taskId: "Running", token: attempt?.token ?? "" } as const;
  expect(await engine.execute({ ...report, outcome: "DONE" })).toMatchObject({ accepted: true });
  await engine.execute({ type: "act", action: "retry", taskIds: ["Disabled"], reason: "mended" });
  expect(engine.scheduler.task("Disabled")).toMatchObject({ status: "PENDING", note: { reason: "mended" } });
}
