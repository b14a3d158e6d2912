import type { ResourceAmounts } from "./api.ts";

/** Needs of a task. Equal needs are the same object, so that tasks with equal needs can be told by identity. */
export interface ResourceSet {
  readonly names: readonly string[];
  /** In the order of `names`. */
  readonly amounts: readonly number[];
}

export const NO_RESOURCES: ResourceSet = { names: [], amounts: [] };

/** 0 when the resource is not needed. */
export function amountOf(needs: ResourceSet, resource: string): number {
  return needs.amounts[needs.names.indexOf(resource)] ?? 0;
}

/** Makes equal needs one object. */
export class ResourceSets {
  private readonly byKey = new Map<string, ResourceSet>();

  of(amounts: ResourceAmounts | undefined): ResourceSet {
    if (amounts === undefined) return NO_RESOURCES;
    const entries = Object.entries(amounts).filter(([, amount]) => amount > 0);
    if (entries.length === 0) return NO_RESOURCES;
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return this.intern(entries);
  }

  private intern(entries: readonly (readonly [string, number])[]): ResourceSet {
    const key = JSON.stringify(entries);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const set = { names: entries.map(([name]) => name), amounts: entries.map(([, amount]) => amount) };
    this.byKey.set(key, set);
    return set;
  }
}

/** Amount taken of each resource. Absent: 0. */
export type Taken = Map<string, number>;

export function addTo(taken: Taken, needs: ResourceSet): void {
  needs.names.forEach((name, index) => add(taken, name, needs.amounts[index] as number));
}

/** Sums fractions so that taking and giving back leaves nothing: exact to nine decimal places. */
function plus(a: number, b: number): number {
  const sum = a + b;
  return Number.isInteger(sum) ? sum : Math.round(sum * 1e9) / 1e9;
}

export function add(taken: Taken, name: string, amount: number): void {
  const sum = plus(taken.get(name) ?? 0, amount);
  if (sum === 0) taken.delete(name);
  else taken.set(name, sum);
}

/** Limits of resources and what the live attempts hold of them. */
export class ResourcePool {
  readonly limits: Map<string, number>;
  readonly used: Taken = new Map();

  constructor(limits: ResourceAmounts) {
    this.limits = new Map(Object.entries(limits));
  }

  /** A resource without a limit has the limit 1, as in Luigi. */
  limitOf(name: string): number {
    return this.limits.get(name) ?? 1;
  }

  /** Whether the needs can be met on top of what is taken. */
  fits(needs: ResourceSet, taken: ReadonlyMap<string, number> = this.used): boolean {
    for (let index = 0; index < needs.names.length; index++) {
      const name = needs.names[index] as string;
      if (plus(taken.get(name) ?? 0, needs.amounts[index] as number) > this.limitOf(name)) return false;
    }
    return true;
  }

  /** Takes the needs and returns what is held, to be given back with `release`. */
  take(needs: ResourceSet): Taken | undefined {
    if (needs === NO_RESOURCES) return undefined;
    addTo(this.used, needs);
    return new Map(needs.names.map((name, index) => [name, needs.amounts[index] as number]));
  }

  /** Takes what was held before a restart. */
  retake(held: Taken | undefined): void {
    held?.forEach((amount, name) => add(this.used, name, amount));
  }

  release(held: Taken | undefined): void {
    held?.forEach((amount, name) => add(this.used, name, -amount));
  }

  /** Gives a part back; never more than is held. */
  decrease(held: Taken, by: ResourceAmounts): void {
    for (const [name, amount] of Object.entries(by)) {
      const back = Math.min(Math.max(amount, 0), held.get(name) ?? 0);
      if (back === 0) continue;
      add(held, name, -back);
      add(this.used, name, -back);
    }
  }
}
