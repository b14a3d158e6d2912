import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { randomOf, seedOf } from "@leat-internal/dev-servers/vitest";
import { describe, expect, it } from "vitest";
import { PIECES_BYTES } from "./fixtures/slow.ts";
import { fixture, until, useWorkspace } from "./support.ts";

const SEED = seedOf();
const MOMENTS = 20;
const FILES = 4;
const workspace = useWorkspace();

/** Files under their final names, with their sizes. */
function finished(): Record<string, number> {
  const names = workspace.list("out").filter((name) => !name.startsWith("."));
  return Object.fromEntries(names.map((name) => [name, statSync(join(workspace.path, "out", name)).size]));
}

const args = ["run", fixture("slow.ts"), "AllPieces", "--count", String(FILES), "--workers", "2"];
const whole = Object.fromEntries(Array.from({ length: FILES }, (_, n) => [`pieces-${n}`, PIECES_BYTES]));

/** Milliseconds after the first task began: spread over all of the writing, and a little beyond. */
const random = randomOf(SEED);
const moments = Array.from({ length: MOMENTS }, (_, index) => {
  const runner = index % 2 === 0 ? "inline" : "process";
  return [Math.floor(random() * 200), runner] as const;
});

describe(`a command line that is killed while it writes (seed ${SEED})`, () => {
  it.each(moments)(
    "after %d ms: no partial file under its name, and the next run makes all (%s)",
    async (ms, runner) => {
      const running = workspace.start([...args, "--runner", runner]);
      await until(() => workspace.has("said"));
      await sleep(ms);
      running.process.kill("SIGKILL");
      await running.ended;
      const sizes = Object.values(finished());
      expect(sizes).toEqual(sizes.map(() => PIECES_BYTES));
      const { exitCode } = await workspace.leat([...args, "--runner", runner]);
      expect([exitCode, finished()]).toEqual([0, whole]);
    },
  );
});
