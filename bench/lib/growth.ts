import { exponentOf } from "./measure.ts";

/** How the cost of something may grow with n. */
export interface Growth {
  readonly what: string;
  /** Highest exponent that is accepted; a logarithm adds about 0.1. */
  readonly limit: number;
  readonly sizes: readonly number[];
  /** What the cost is compared with. Default: n itself. */
  readonly measureOf?: (size: number) => number;
  /** Does the work for n and resolves to the number of operations. */
  count(size: number): Promise<number>;
}

export interface GrowthResult {
  readonly exponent: number;
  readonly isWithin: boolean;
  readonly operations: readonly number[];
}

export async function growthOf({ limit, sizes, measureOf = (n) => n, count }: Growth): Promise<GrowthResult> {
  const points: [number, number][] = [];
  for (const size of sizes) points.push([measureOf(size), await count(size)]);
  const exponent = exponentOf(points);
  return { exponent, isWithin: exponent <= limit, operations: points.map(([, operations]) => operations) };
}
