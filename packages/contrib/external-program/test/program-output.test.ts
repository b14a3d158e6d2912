import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileTarget, LocalTarget, p, standaloneContext } from "@leat/core";
import { ExternalProgramTask } from "@leat/external-program";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "leat-program-"))));
afterEach(() => rmSync(folder, { recursive: true }));

abstract class Shell extends ExternalProgramTask.with({ code: p.string() }) {
  override output() {
    return undefined;
  }
  override programArgs() {
    return ["sh", "-c", this.code];
  }
  override shownArgs() {
    return ["sh"];
  }
}

interface Heard {
  readonly log: readonly string[];
  readonly urls: readonly string[];
}

/** Runs a task, which may fail, and tells what it said. */
async function heardOf(task: ExternalProgramTask): Promise<Heard> {
  const log: string[] = [];
  const urls: string[] = [];
  const info = (message: string) => void log.push(message);
  const context = standaloneContext(task, {
    log: { debug: info, info, warn: info, error: info },
    trackingUrl: (url) => void urls.push(url),
  });
  await task.run(context).catch(() => undefined);
  return { log, urls };
}

class Streamed extends Shell {}

class Captured extends Shell {
  override get captureOutput() {
    return true;
  }
}

class Quiet extends Captured {
  override get alwaysLogStderr() {
    return false;
  }
}

describe("the log", () => {
  const CODE = "echo one; echo two; echo oh >&2";

  it("gets each line as it comes", async () => {
    const { log } = await heardOf(new Streamed({ code: CODE }));
    expect(log[0]).toBe("runs sh");
    expect(log.slice(1).toSorted()).toEqual(["stderr: oh", "stdout: one", "stdout: two"]);
  });

  it("gets captured output in one piece at the end", async () => {
    const { log } = await heardOf(new Captured({ code: CODE }));
    expect(log).toEqual(["runs sh", "Program stdout:\none\ntwo", "Program stderr:\noh"]);
  });

  it("says nothing of an output that is empty", async () => {
    expect((await heardOf(new Captured({ code: "true" }))).log).toEqual(["runs sh"]);
  });

  it("gets stderr of a program that succeeded unless the task says no", async () => {
    const { log } = await heardOf(new Quiet({ code: CODE }));
    expect(log).toEqual(["runs sh", "Program stdout:\none\ntwo"]);
  });

  it("always gets stderr of a program that failed", async () => {
    const { log } = await heardOf(new Quiet({ code: `${CODE}; exit 1` }));
    expect(log.at(-1)).toBe("Program stderr:\noh");
  });

  it("gets the last mebibyte of a long output", async () => {
    const { log } = await heardOf(new Captured({ code: "seq 1 400000" }));
    expect(log[1]?.length).toBeLessThan(2 ** 20 + 100);
    expect(log[1]).toMatch(/^Program stdout:\n…[^]*\n399999\n400000$/);
  });

  it("survives what is no text", async () => {
    const { log } = await heardOf(new Streamed({ code: String.raw`printf 'a\377b\n'` }));
    expect(log[1]).toBe("stdout: a\uFFFDb");
  });
});

const PATTERN = /job (\d+)/g;

class Tracked extends Shell {
  override get trackingUrlPattern() {
    return PATTERN;
  }
  override buildTrackingUrl(found: string) {
    return `http://cluster/${found}`;
  }
}

class Found extends Streamed {
  override get trackingUrlPattern() {
    return /(https?:\S+)/;
  }
}

class CapturedAndTracked extends Captured {
  override get trackingUrlPattern() {
    return /at (\S+)/;
  }
}

class Written extends Tracked {
  override programOutput(): FileTarget {
    return new LocalTarget(join(folder, "written"));
  }
}

describe("the tracking URL", () => {
  it("is the first group of the pattern", async () => {
    const { urls } = await heardOf(new Found({ code: "echo see http://x/1 for it" }));
    expect(urls).toEqual(["http://x/1"]);
  });

  it("is made of that, from every line of stdout and stderr that has it, which the log has as well", async () => {
    const { urls, log } = await heardOf(
      new Tracked({ code: "echo job 1; echo job 2; echo none; echo job 3 >&2" }),
    );
    expect(urls.toSorted()).toEqual(["http://cluster/1", "http://cluster/2", "http://cluster/3"]);
    expect(log).toHaveLength(5);
  });

  it("is found in captured output, and in what a program wrote that failed", async () => {
    const { urls } = await heardOf(new CapturedAndTracked({ code: "echo at x:1; exit 1" }));
    expect(urls).toEqual(["x:1"]);
  });

  it("is found in stderr where stdout goes into a target", async () => {
    const { urls } = await heardOf(new Written({ code: "echo job 1; echo job 2 >&2" }));
    expect(urls).toEqual(["http://cluster/2"]);
  });

  it("is not looked for without a pattern", async () => {
    expect((await heardOf(new Streamed({ code: "echo job 1" }))).urls).toEqual([]);
  });
});
