import * as fc from "fast-check";

/** What becomes of a task in a graph. Only external tasks can be missing. */
export const OUTCOMES = [
  "done",
  "runs",
  "fails",
  "missing",
  "complete throws",
  "requires throws",
  "denied",
  "disabled",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface GraphTask {
  readonly family: string;
  readonly params: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
  /** Places of other tasks in the list, all further on. */
  readonly requires: readonly number[];
}

/** A graph as both sides run it. */
export interface Graph {
  readonly tasks: readonly GraphTask[];
  readonly roots: readonly number[];
  /** Tasks that other workers run meanwhile: the worker and the place of the task. */
  readonly elsewhere: readonly (readonly [worker: string, place: number])[];
}

const digits = (value: number, length = 2): string => String(value).padStart(length, "0");

/** Parameters of each family for the `n`th of its tasks: neighbours follow one another, so that summaries have ranges. */
const FAMILIES: Readonly<Record<string, (n: number) => Readonly<Record<string, string>>>> = {
  Number: (n) => ({ n: String(n) }),
  Text: (n) => ({ name: `text-${n}` }),
  Daily: (n) => ({ date: `2026-${digits(1 + Math.floor(n / 28))}-${digits(1 + (n % 28))}` }),
  Minutely: (n) => ({ time: `2026-11-20T${digits(Math.floor(n / 60))}${digits(n % 60)}` }),
  Pair: (n) => ({ a: String(n), b: "same" }),
  Insignificant: (n) => ({ a: String(n), note: "same" }),
  LongName: (n) => ({ a_parameter_with_a_name_that_is_longer_than_any_summary_has_room_for: String(n) }),
  External: (n) => ({ month: `${2000 + Math.floor(n / 12)}-${digits(1 + (n % 12))}` }),
};

const INTERNAL = OUTCOMES.filter((outcome) => outcome !== "missing");
// Most tasks run: else little of a graph is reached.
const outcomes = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Outcome>("runs") },
  fc.constantFrom(...INTERNAL),
);

/** Tasks of one family, with the same outcome or different ones, and with gaps between their parameters or without. */
const families = fc
  .record({
    family: fc.constantFrom(...Object.keys(FAMILIES)),
    first: fc.nat(20),
    count: fc.integer({ min: 1, max: 8 }),
    step: fc.constantFrom(1, 1, 1, 2),
    outcome: outcomes,
    others: fc.array(fc.tuple(fc.nat(7), outcomes), { maxLength: 2 }),
  })
  .map(({ family, first, count, step, outcome, others }) =>
    Array.from({ length: count }, (_, index) => {
      const own = others.find(([place]) => place === index)?.[1] ?? outcome;
      const params = FAMILIES[family]?.(first + index * step) ?? {};
      return { family, params, outcome: family === "External" ? externally(own) : own };
    }),
  );

function externally(outcome: Outcome): Outcome {
  return outcome === "done" || outcome === "complete throws" ? outcome : "missing";
}

/** Random graphs; each task is required by one before it, or by the root, so that all are found. */
export const graphs: fc.Arbitrary<Graph> = fc
  .record({
    groups: fc.array(families, { minLength: 1, maxLength: 9 }),
    links: fc.infiniteStream(fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(9))),
    elsewhere: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      fc.array(fc.tuple(fc.constantFrom("other-a", "other-b"), fc.nat(1000)), { maxLength: 2 }),
    ),
    seedOfOrder: fc.nat(1000),
  })
  .map(({ groups, links, elsewhere, seedOfOrder }) => {
    const tasks = shuffled(distinct(groups.flat()), seedOfOrder);
    const all: { -readonly [K in keyof GraphTask]: GraphTask[K] }[] = [
      { family: "Nothing", params: {}, outcome: "runs", requires: [] },
      ...tasks.map((task) => ({ ...task, requires: [] })),
    ];
    for (let place = 1; place < all.length; place++) {
      const [one, other, second] = links.next().value ?? [0, 0, 0];
      const parents = new Set([one % place, ...(second < 3 ? [other % place] : [])]);
      for (const parent of parents) {
        const task = all[parent];
        if (task !== undefined) task.requires = [...task.requires, place];
      }
    }
    return { tasks: all, roots: [0], elsewhere: runElsewhere(all, elsewhere) };
  });

/** Other workers run tasks that this one would run, each worker one. */
function runElsewhere(
  tasks: readonly GraphTask[],
  wanted: readonly (readonly [string, number])[],
): [string, number][] {
  const runnable = tasks.flatMap((task, place) => (place > 0 && task.outcome === "runs" ? [place] : []));
  const taken = new Map<string, number>();
  for (const [worker, number] of wanted) {
    const place = runnable[number % runnable.length];
    if (place !== undefined && ![...taken.values()].includes(place)) taken.set(worker, place);
  }
  return [...taken];
}

function distinct<T extends Pick<GraphTask, "family" | "params">>(tasks: readonly T[]): T[] {
  return [...new Map(tasks.map((task) => [JSON.stringify([task.family, task.params]), task])).values()];
}

/** A fixed shuffle: the arbitrary stays a function of its seed. */
function shuffled<T>(values: readonly T[], seed: number): T[] {
  const keyed = values.map((value, index) => ({ value, key: ((index + 1) * 7919 + seed * 104_729) % 1009 }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ value }) => value);
}
