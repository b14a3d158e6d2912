import { expect, it } from "vitest";
import type { GraphNode } from "../src/api/types.ts";
import { fold } from "../src/graph/fold.ts";
import { layOut } from "../src/graph/layout.ts";
import { type GraphModel, hiddenDeps, withStatuses } from "../src/graph/model.ts";

function node(taskId: string, family: string, deps: readonly string[] = []): GraphNode {
  return { taskId, label: taskId, family, status: "PENDING", depth: 0, deps };
}

/** `Whole` requires six `Part`s, each of which requires `Base`. */
const PARTS = [1, 2, 3, 4, 5, 6].map((n) => node(`Part_${n}`, "Part", ["Base"]));
const MODEL: GraphModel = new Map(
  [
    node("Base", "Base"),
    ...PARTS,
    node(
      "Whole",
      "Whole",
      PARTS.map(({ taskId }) => taskId),
    ),
  ].map((one) => [one.taskId, one]),
);

it("draws a family as one box, with each link once", () => {
  const { boxes, links } = fold(MODEL, { root: "Whole", isFolded: true, unfolded: new Set() });
  expect(boxes.map(({ id }) => id)).toEqual(["Base", "family:Part", "Whole"]);
  expect(links).toEqual([
    { from: "Base", to: "family:Part" },
    { from: "family:Part", to: "Whole" },
  ]);
});

it("draws the task in the middle and unfolded families as they are", () => {
  const withRoot = fold(MODEL, { root: "Part_3", isFolded: true, unfolded: new Set() });
  expect(withRoot.boxes.map(({ id }) => id)).toContain("Part_3");
  const unfolded = fold(MODEL, { root: "Whole", isFolded: true, unfolded: new Set(["Part"]) });
  expect(unfolded.boxes).toHaveLength(8);
});

it("gives a folded family the state that needs a person most", () => {
  const failed = withStatuses(MODEL, new Map([["Part_4", "FAILED"]]));
  const { boxes } = fold(failed, { root: "Whole", isFolded: true, unfolded: new Set() });
  expect(boxes.find(({ id }) => id === "family:Part")).toMatchObject({ status: "FAILED" });
  expect(withStatuses(MODEL, new Map([["Elsewhere", "DONE"]]))).toBe(MODEL);
});

it("counts requirements that are not in the model", () => {
  expect(hiddenDeps(MODEL, node("New", "New", ["Base", "Far_1", "Far_2"]))).toBe(2);
});

it("puts requirements left of what requires them, whatever the tasks are called", () => {
  const { places, lines } = layOut({
    boxes: ["__proto__", "constructor"],
    links: [{ from: "__proto__", to: "constructor" }],
  });
  expect(places.get("__proto__")?.x).toBeLessThan(places.get("constructor")?.x ?? 0);
  expect(lines).toHaveLength(1);
});

it("lays out a cycle", () => {
  const links = [
    { from: "a", to: "b" },
    { from: "b", to: "a" },
  ];
  expect(layOut({ boxes: ["a", "b"], links }).places.size).toBe(2);
});
