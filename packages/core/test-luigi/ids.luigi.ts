import { isDeepStrictEqual } from "node:util";
import type { ConcreteTaskClass, Task } from "@leat/core";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Described, describeWithLuigi } from "./luigi.ts";
import { kinds, type RandomTask, randomTasks } from "./random-tasks.ts";
import { songs } from "./songs.ts";

// Random tasks are made by Luigi and by us, and what identifies and shows them must be the same to the letter. They keep to
// what both sides have in common; what Luigi does otherwise on purpose of ours is left out of them:
//   - private values in display strings, which we mask
//   - years below 1000, which Luigi does not pad on all platforms
//   - fractions of a second in time deltas, which Luigi drops from the text; ISO durations of zero, which it refuses
//   - whole doubles in lists and dicts, which are integers to JavaScript, and numbers beyond 2^53
//   - names of dicts that are whole numbers, which JavaScript's objects put first
//   - `null` and JSON of another shape for lists and dicts; time fields without leading zeros; digits of other scripts

const COUNT = Number(process.env["LEAT_TASKS"] ?? 12_000);
const seed = Number(process.env["LEAT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

describe(`${COUNT} random tasks, seed ${seed}`, () => {
  const tasks = fc.sample(randomTasks, { numRuns: COUNT, seed });
  let luigis: readonly Described[];

  beforeAll(async () => {
    luigis = await describeWithLuigi(tasks);
  });

  it("are identified and shown as by Luigi", () => {
    const differences = tasks.flatMap((task, index) => {
      const [ours, theirs] = [describeOurs(task), luigis.at(index) as Described];
      const isSame = isDeepStrictEqual(comparable(ours, task), comparable(theirs, task));
      return isSame ? [] : [{ task, ours, theirs }];
    });
    expect(differences.slice(0, 5)).toEqual([]);
  });

  it("have texts that we read as Luigi wrote them", () => {
    tasks.forEach((task, index) => {
      const { texts } = luigis.at(index) as Described;
      const rewritten = {
        ...task,
        params: task.params.map((param) => ({ ...param, text: texts[param.name] ?? "" })),
      };
      expect(describeOurs(rewritten).texts).toEqual(texts);
    });
  });

  it("are of every type", () => {
    const counts = new Map<string, number>();
    for (const { type } of tasks.flatMap(({ params }) => params))
      counts.set(type, (counts.get(type) ?? 0) + 1);
    const types = Object.values(kinds)
      .flatMap((kind) => fc.sample(kind, { numRuns: 1, seed }))
      .map(({ type }) => type);
    const rare = types.filter((type) => (counts.get(type) ?? 0) < COUNT / 100);
    expect(rare).toEqual([]);
  });
});

function describeOurs({ namespace, name, params }: RandomTask): Described {
  const declared = params.map((param) => [param.name, param.declare(optionsOf(param))] as const);
  const type = { [name]: class extends songs.with(Object.fromEntries(declared)) {} }[
    name
  ] as unknown as ConcreteTaskClass;
  Object.defineProperty(type, "namespace", { value: namespace });
  const values = declared.map(([name, param], index) => [
    name,
    param.parse(params.at(index)?.text ?? "", name, { taskClass: () => songs }),
  ]);
  const task = new type(Object.fromEntries(values)) as Task & Readonly<Record<string, unknown>>;
  const texts: Record<string, string> = {};
  const successors: Record<string, string | null> = {};
  for (const [name, { type }] of declared) {
    const following: unknown = type.successor?.(task[name]);
    texts[name] = type.serialize(task[name]);
    successors[name] = following === undefined ? null : type.serialize(following);
  }
  return { id: task.id, display: String(task), texts, successors };
}

function optionsOf({ significant, visibility }: RandomTask["params"][number]) {
  return { significant, visibility };
}

/** Everything but a display string that shows a private value. */
function comparable(described: Described, { params }: RandomTask): Described {
  const isMasked = params.some(({ significant, visibility }) => significant && visibility === "private");
  return isMasked ? { ...described, display: "" } : described;
}
