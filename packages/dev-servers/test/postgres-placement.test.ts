import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isRoot } from "../src/accounts.ts";
import { makeTemporaryDirectory, type TemporaryDirectory } from "../src/directories.ts";
import { findEmbeddedPostgres } from "../src/postgres-binaries.ts";
import { prepareDataDirectory } from "../src/postgres-data.ts";
import { type PlacementSystem, placePostgres } from "../src/postgres-placement.ts";

describe.runIf(isRoot())("root's PostgreSQL", () => {
  let hidden: TemporaryDirectory;
  let open: TemporaryDirectory;
  let notices: string[];

  beforeEach(() => {
    hidden = makeTemporaryDirectory("leat-test");
    chmodSync(hidden.path, 0o700);
    open = makeTemporaryDirectory("leat-test");
    notices = [];
  });

  afterEach(() => {
    hidden.remove();
    open.remove();
  });

  function system(namespaces: boolean): PlacementSystem {
    return {
      canUseNamespaces: () => namespaces,
      relocationRoot: path.join(open.path, "relocated"),
      notice: (message) => notices.push(message),
    };
  }

  /** A directory with a program, and the library next to it that it needs. */
  function hiddenInstallation(): string {
    for (const name of ["bin", "lib"]) mkdirSync(path.join(hidden.path, "native", name), { recursive: true });
    writeFileSync(path.join(hidden.path, "native", "bin", "postgres"), "#!/bin/true", { mode: 0o755 });
    writeFileSync(path.join(hidden.path, "native", "lib", "libpq.so"), "a library");
    return path.join(hidden.path, "native", "bin");
  }

  it("runs as an account that can reach everything", () => {
    const bin = findEmbeddedPostgres();
    const dataDirectory = path.join(open.path, "data");
    const placement = placePostgres(bin, dataDirectory, system(true));
    expect(placement).toMatchObject({ bin, dataDirectory, runAs: { kind: "account" } });
    expect(notices).toEqual([]);
  });

  it("prefers a namespace to moving things", () => {
    const dataDirectory = path.join(hidden.path, "data");
    const placement = placePostgres(findEmbeddedPostgres(), dataDirectory, system(true));
    expect(placement).toMatchObject({ dataDirectory, runAs: { kind: "namespace" } });
    expect(notices).toEqual([expect.stringContaining(hidden.path)]);
  });

  it("without namespaces, keeps data of a hidden directory in one place", async () => {
    const dataDirectory = path.join(hidden.path, "data");
    const place = () => placePostgres(findEmbeddedPostgres(), dataDirectory, system(false));
    const placement = place();
    await prepareDataDirectory(placement, false);
    expect(placement.dataDirectory).toContain("relocated/postgres-data-");
    expect(statSync(placement.dataDirectory).uid).not.toBe(0);
    expect(place()).toEqual(placement);
    expect(notices[0]).toContain(placement.dataDirectory);
  });

  it("without namespaces, copies hidden programs with their libraries", () => {
    const { bin, runAs } = placePostgres(hiddenInstallation(), path.join(open.path, "data"), system(false));
    expect(runAs.kind).toBe("account");
    expect(bin).toContain("relocated/postgres-");
    expect(existsSync(path.join(bin, "..", "lib", "libpq.so"))).toBe(true);
  });

  it("without namespaces, refuses data that root owns, with the cure", () => {
    const dataDirectory = path.join(hidden.path, "data");
    mkdirSync(dataDirectory);
    writeFileSync(path.join(dataDirectory, "PG_VERSION"), "18\n");
    const placing = () => placePostgres(findEmbeddedPostgres(), dataDirectory, system(false));
    expect(placing).toThrow(`"${dataDirectory}" belongs to root`);
    expect(placing).toThrow("chown -R");
  });
});
