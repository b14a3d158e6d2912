import assert from "node:assert/strict";
import { messageOf, type FileSystemCapabilities } from "@leat/core";
import { breaking } from "./file-suite/breaking.ts";
import { copying } from "./file-suite/copying.ts";
import { crashes } from "./file-suite/crashes.ts";
import { cutting } from "./file-suite/cutting.ts";
import { directories } from "./file-suite/directories.ts";
import { existence } from "./file-suite/existence.ts";
import { failing } from "./file-suite/failing.ts";
import { names } from "./file-suite/names.ts";
import { reading } from "./file-suite/reading.ts";
import { removing } from "./file-suite/removing.ts";
import { replacing } from "./file-suite/replacing.ts";
import { Skip, type Body, type CapabilityStatement, type Statements } from "./file-suite/statements.ts";
import { writing } from "./file-suite/writing.ts";
import type { FileWorkspace } from "./file-workspace.ts";
import type { TestContext, TestRunner } from "./test-runner.ts";

const GROUPS: Readonly<Record<string, Statements>> = {
  existence,
  writing,
  "failing to write": failing,
  "being cut off": cutting,
  "broken connections and servers": breaking,
  replacing,
  "being killed": crashes,
  reading,
  removing,
  "directories and listing": directories,
  "moving and copying": copying,
  names,
};

/** That these work cannot be shown: a race that is not lost by chance proves nothing. */
const UNPROVABLE: readonly (keyof FileSystemCapabilities)[] = ["atomicReplace", "atomicRename"];

/** What a suite has found out by trying: whether what needs a capability works. */
export type FoundCapabilities = { -readonly [Name in keyof FileSystemCapabilities]?: boolean };

/**
 * Defines tests that show whether a file store keeps the promises of `FileSystem` and `FileTarget`.
 *
 * A test that needs what the store does not declare in `capabilities`, or what the workspace does not give, is reported as
 * skipped, and its reason printed. A capability that is not declared and works all the same fails its tests.
 *
 * @param runner `{ describe, it }` of vitest or of node:test
 * @param name what is tested, for the report
 * @param factory makes an empty workspace; it is called, and the workspace disposed of, for each test
 * @returns what was found out, filled in by the tests while they run
 */
export function fileTargetSuite(
  runner: TestRunner,
  name: string,
  factory: () => FileWorkspace | Promise<FileWorkspace>,
): FoundCapabilities {
  const found: FoundCapabilities = {};
  runner.describe(name, () => {
    for (const [group, statements] of Object.entries(GROUPS)) {
      runner.describe(group, () => {
        for (const [says, statement] of Object.entries(statements)) {
          runner.it(says, async (context) => {
            const reason = await tryOut(statement, await factory(), found);
            if (reason !== undefined) skip(context, `${name}: ${says}`, reason);
          });
        }
      });
    }
    runner.it("has the capabilities that it declares, and no others", async (context) => {
      const reason = await tryOut(declaresWhatWasFound(found), await factory(), found);
      if (reason !== undefined) skip(context, name, reason);
    });
  });
  return found;
}

function declaresWhatWasFound(found: FoundCapabilities): Body {
  return async ({ fileSystem }) => {
    const untried = Object.keys(fileSystem.capabilities).filter((capability) => !(capability in found));
    if (untried.length > 0) throw new Skip(`what shows ${untried.join(", ")} did not run`);
    assert.deepEqual(found, fileSystem.capabilities);
  };
}

function skip(context: TestContext, label: string, reason: string): void {
  console.info(`skipped: ${label}: ${reason}`);
  context.skip(reason);
}

/** Gives the reason why it could not be tried, if so. */
async function tryOut(
  statement: Body | CapabilityStatement,
  workspace: FileWorkspace,
  found: FoundCapabilities,
): Promise<string | undefined> {
  try {
    if (typeof statement === "function") await statement(workspace);
    else await tryCapability(statement, workspace, found);
    return undefined;
  } catch (error) {
    if (!(error instanceof Skip)) throw error;
    const because = workspace.notGiven?.[error.part ?? ""];
    return because === undefined ? error.message : `${error.message}: ${because}`;
  } finally {
    await workspace.dispose();
  }
}

async function tryCapability(
  { capability, body }: CapabilityStatement,
  workspace: FileWorkspace,
  found: FoundCapabilities,
): Promise<void> {
  const { name, capabilities } = workspace.fileSystem;
  const before = found[capability] ?? true;
  found[capability] = false;
  if (capabilities[capability]) {
    await body(workspace);
    found[capability] = before;
    return;
  }
  const reason = `the ${name} store declares ${capability}: false`;
  if (UNPROVABLE.includes(capability)) throw new Skip(reason);
  throw await failureOf(body, workspace, reason);
}

/** What says that a capability which is not declared does not work; fails when it does. */
async function failureOf(body: Body, workspace: FileWorkspace, reason: string): Promise<Skip> {
  const failure = await body(workspace).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  assert.ok(failure, `${reason}, but this works: declare it`);
  if (failure.error instanceof Skip) return failure.error;
  return new Skip(`${reason} (tried: ${messageOf(failure.error).split("\n", 1)[0]})`);
}
