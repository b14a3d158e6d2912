import assert from "node:assert/strict";
import { inspect } from "node:util";
import { LeatError } from "@leat/core";
import type { MarkerTarget } from "../marker-target.ts";
import { type TestRunner, testsWith, type Workspace } from "./runner.ts";

/** A store of markers for one test. */
export interface MarkerWorkspace extends Workspace {
  /** A target for an id. All targets of a workspace use one store, whose table (or the like) is missing at first. */
  readonly target: (updateId: string, table?: string) => MarkerTarget;
  /** Those of the ids that have a marker, by one request. */
  readonly findMarkers: (updateIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** A target of a server that cannot be reached. */
  readonly unreachable: () => MarkerTarget;
  /** A target that asks the server with a wrong password. */
  readonly forbidden: () => MarkerTarget;
  /** Text that must not be in any error: the passwords. */
  readonly secrets: readonly string[];
  /** Connections to the server that are open now. */
  readonly openConnections: () => Promise<number>;
  /** Puts something else in the place of the table of markers. */
  readonly replaceStore: () => Promise<void>;
}

export interface MarkerCapabilities {
  /** Longest id in characters; longer ones are refused. */
  readonly maxIdLength: number;
}

const IDS = [
  "case",
  "CASE",
  "blank",
  "blank ",
  "e",
  "é",
  "\u{1F600}",
  "\u{1F601}",
  `quotes ' " \` ; --`,
  "'); drop table table_updates; --",
  "back\\slash",
  "per%cent_",
  "line\nend",
];

/** What every store of markers promises. Calls `open` for each test. */
export function markerSuite(
  runner: TestRunner,
  name: string,
  open: () => Promise<MarkerWorkspace>,
  capabilities: MarkerCapabilities,
): void {
  const test = testsWith(runner, open);
  runner.describe(`${name} as a marker`, () => {
    existenceTests(test);
    identityTests(test, capabilities);
    errorTests(test);
  });
}

type Test = ReturnType<typeof testsWith<MarkerWorkspace>>;

function existenceTests(test: Test): void {
  test("does not exist while its store is missing", async ({ target }) => {
    assert.equal(await target("a").exists(), false);
    assert.equal(await target("a").remove(), false);
  });

  test("exists once it was touched, for other targets too", async ({ target }) => {
    assert.equal(await target("a").touch(), true);
    assert.equal(await target("a").exists(), true);
    assert.equal(await target("b").exists(), false);
  });

  test("says by touch whether this call made it", async ({ target }) => {
    assert.equal(await target("a").touch(), true);
    assert.equal(await target("a").touch(), false);
  });

  test("is made by exactly one of several touches at once", async ({ target }) => {
    const made = await Promise.all(Array.from({ length: 8 }, () => target("a").touch()));
    assert.equal(made.filter(Boolean).length, 1);
  });

  test("is made by each of several touches of other ids at once, on a missing store", async ({ target }) => {
    const made = await Promise.all(Array.from({ length: 8 }, (_, index) => target(`id ${index}`).touch()));
    assert.deepEqual(made, Array(8).fill(true));
  });

  test("is gone after remove, which says whether it was there", async ({ target }) => {
    await target("a").touch();
    assert.equal(await target("a").remove(), true);
    assert.equal(await target("a").exists(), false);
    assert.equal(await target("a").remove(), false);
  });

  test("is found among many by one request", async ({ target, findMarkers }) => {
    assert.deepEqual(await findMarkers(["a"]), new Set());
    const ids = Array.from({ length: 1000 }, (_, index) => `id ${index}`);
    await target("id 7").touch();
    await target("id 999").touch();
    assert.deepEqual(await findMarkers(ids), new Set(["id 7", "id 999"]));
    assert.deepEqual(await findMarkers([]), new Set());
  });

  test("leaves no connections behind", async ({ target, openConnections }) => {
    await target("a").exists();
    const before = await openConnections();
    for (let i = 0; i < 1000; i++) await target("a").exists();
    assert.equal(await openConnections(), before);
  });
}

function identityTests(test: Test, { maxIdLength }: MarkerCapabilities): void {
  test("keeps ids apart that differ in case, blanks, accents and emoji, and takes every character", async ({
    target,
    findMarkers,
  }) => {
    for (const id of IDS) {
      assert.equal(await target(id).exists(), false, id);
      assert.equal(await target(id).touch(), true, id);
    }
    assert.deepEqual(await findMarkers(IDS), new Set(IDS));
  });

  test("takes ids up to its limit, and refuses longer ones", async ({ target }) => {
    for (const length of [1, 128, 129, Math.min(maxIdLength, 4096)]) {
      const id = "x".repeat(length);
      assert.equal(await target(id).touch(), true);
      assert.equal(await target(id).exists(), true);
      assert.equal(await target(`${id.slice(1)}y`).exists(), false);
    }
    if (maxIdLength < 4096)
      await assert.rejects(target("x".repeat(maxIdLength + 1)).touch(), (error) => LeatError.is(error));
  });

  test("has the id alone for its key, as in Luigi", async ({ target }) => {
    await target("a", "one").touch();
    assert.equal(await target("a", "two").exists(), true);
    assert.equal(await target("a", "two").touch(), false);
  });
}

function errorTests(test: Test): void {
  test("rejects as unavailable, not false, when the server cannot be reached", async ({
    unreachable,
    secrets,
  }) => {
    const error = await rejection(unreachable().exists());
    assert.ok(["TARGET_UNAVAILABLE", "TARGET_TIMEOUT"].includes(error.code), error.code);
    assert.equal(error.retryable, true);
    assertNoSecret(error, secrets);
  });

  test("rejects as forbidden, not false, when the password is wrong", async ({ forbidden, secrets }) => {
    const error = await rejection(forbidden().exists());
    assert.equal(error.code, "TARGET_FORBIDDEN");
    assertNoSecret(error, secrets);
    assertNoSecret(forbidden(), secrets);
  });

  test("rejects when something else has the name of its store", async ({ target, replaceStore }) => {
    await replaceStore();
    await rejection(target("a").exists());
  });

  test("rejects with the reason of an aborted signal", async ({ target }) => {
    const reason = new Error("stop");
    await assert.rejects(target("a").exists({ signal: AbortSignal.abort(reason) }), reason);
  });
}

async function rejection(promise: Promise<unknown>): Promise<LeatError> {
  const error = await promise.then(
    (value) => assert.fail(`resolved with ${inspect(value)}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(LeatError.is(error), inspect(error));
  return error;
}

function assertNoSecret(value: unknown, secrets: readonly string[]): void {
  const shown = `${inspect(value, { depth: 10, showHidden: true })} ${JSON.stringify(value)} ${String(value)}`;
  for (const secret of secrets) assert.ok(!shown.includes(secret), "a secret is shown");
}
