import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { EventBus, LeatError, type Task } from "@leat/core";
import { luigiPrograms } from "@leat-internal/dev-servers";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  RangeByMinutes,
  RangeByMinutesBase,
  RangeDaily,
  RangeDailyBase,
  RangeHourly,
  RangeHourlyBase,
  RangeMonthly,
} from "../src/index.ts";
import { type RandomRange, randomRanges } from "./random-ranges.ts";
import { RANGED } from "./ranged-tasks.ts";

const COUNT = Number(process.env["LEAT_RANGES"] ?? 3000);
const seed = Number(process.env["LEAT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

const RANGES = {
  daily: { plain: RangeDailyBase, bulk: RangeDaily, unit: "days" },
  hourly: { plain: RangeHourlyBase, bulk: RangeHourly, unit: "hours" },
  minutes: { plain: RangeByMinutesBase, bulk: RangeByMinutes, unit: "minutes" },
  monthly: { plain: RangeMonthly, bulk: RangeMonthly, unit: "months" },
} as const;

/** What a range requires and measures, or that it cannot be. */
type Answer =
  | {
      readonly ids: readonly string[];
      readonly delay: number;
      readonly count: number;
      readonly fraction: number;
    }
  | { readonly error: string };

describe(`${COUNT} random ranges, seed ${seed}`, () => {
  const samples = fc.sample(randomRanges, { numRuns: COUNT, seed });
  let luigis: readonly Answer[];

  beforeAll(async () => {
    luigis = await answersOfLuigi(samples);
  });

  it("require the tasks that Luigi's do, in its order, and measure the same", async () => {
    const differences: object[] = [];
    for (const [index, sample] of samples.entries()) {
      const [ours, theirs] = [await answerOf(sample), luigis[index] as Answer];
      const isRefused = "error" in ours || "error" in theirs;
      const isSame = isRefused
        ? "error" in ours === "error" in theirs
        : fc.stringify(ours) === fc.stringify(theirs);
      if (!isSame) differences.push({ sample, ours, theirs });
    }
    expect(differences.slice(0, 3)).toEqual([]);
  });

  it("are of every kind, with something to do, nothing to do, and refused", () => {
    for (const kind of Object.keys(RANGES)) {
      const answers = luigis.filter((_, index) => samples[index]?.kind === kind);
      expect(answers.filter((answer) => "ids" in answer && answer.ids.length > 3).length).toBeGreaterThan(20);
      expect(answers.some((answer) => "ids" in answer && answer.ids.length === 0)).toBe(true);
      expect(answers.some((answer) => "error" in answer)).toBe(true);
    }
  });
});

async function answerOf(sample: RandomRange): Promise<Answer> {
  try {
    const range = rangeOf(sample);
    const events = new EventBus({ debug() {}, info() {}, warn() {}, error() {} });
    let measured = { delay: -1, completeCount: -1, completeFraction: -1 };
    events.on("range:measured", (found) => void (measured = found));
    await range.complete(undefined, events);
    const ids = (range.requires() as readonly Task[]).map(({ id }) => id);
    const { delay, completeCount: count, completeFraction: fraction } = measured;
    return { ids, delay, count, fraction };
  } catch (error) {
    if (!LeatError.is(error)) throw error;
    return { error: error.message };
  }
}

function rangeOf({
  kind,
  isBulk,
  start,
  stop,
  back,
  forward,
  interval,
  every,
  tag,
  ...knobs
}: RandomRange): Task {
  const { plain, bulk, unit } = RANGES[kind];
  const type = isBulk ? bulk : plain;
  const read = (name: "start" | "stop", value: string | null) =>
    value === null ? null : type.params[name].parse(value, name);
  return new (type as unknown as new (args: object) => Task)({
    of: RANGED[kind][isBulk ? "bulk" : "plain"],
    ofParams: { tag, every },
    start: read("start", start),
    stop: read("stop", stop),
    [`${unit}Back`]: back,
    [`${unit}Forward`]: forward,
    ...(kind === "minutes" && { minutesInterval: interval }),
    ...knobs,
  });
}

/** One Python process for all: ranges go in as lines of JSON, answers come out. */
async function answersOfLuigi(samples: readonly RandomRange[]): Promise<Answer[]> {
  const script = join(import.meta.dirname, "luigi_ranges.py");
  const python = spawn(join(luigiPrograms(), "python"), [script], { stdio: ["pipe", "pipe", "inherit"] });
  const [lines, [exitCode]] = await Promise.all([
    text(python.stdout),
    once(python, "close") as Promise<[number]>,
    pipeline(Readable.from(samples.map((sample) => `${JSON.stringify(sample)}\n`)), python.stdin),
  ]);
  if (exitCode !== 0) throw new Error(`Python ended with exit code ${exitCode}`);
  return lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);
}
