import { parseArgs } from "node:util";

/** How much a script measures. */
export interface BenchOptions {
  /** Numbers of tasks for Leat. */
  readonly sizes: readonly number[];
  /** Numbers of tasks for both sides. Luigi's time grows with the square for some graphs, so these are smaller. */
  readonly bothSizes: readonly number[];
  /** How often each is measured. */
  readonly rounds: number;
}

/** What flags say: `--sizes 1000,10000 --both-sizes 300,1000 --rounds 3`. */
export function benchOptions(defaults: Partial<BenchOptions> = {}): BenchOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ options: { sizes: text, "both-sizes": text, rounds: text } });
  return {
    sizes: numbersIn(values.sizes) ?? defaults.sizes ?? [1000, 10_000, 100_000],
    bothSizes: numbersIn(values["both-sizes"]) ?? defaults.bothSizes ?? [300, 1000],
    rounds: numbersIn(values.rounds)?.[0] ?? defaults.rounds ?? 3,
  };
}

function numbersIn(text: string | undefined): number[] | undefined {
  const numbers = text?.split(",").map(Number);
  if (numbers?.some((number) => !Number.isInteger(number) || number < 1))
    throw new Error(`${text} are no whole numbers from 1: --sizes 1000,10000 --rounds 3.`);
  return numbers;
}
