import type { QueryValues } from "../api/client.ts";
import type { Blocker } from "../api/types.ts";

/** What can be sorted by, as leatd names it. */
export type SortKey = "updated" | "created" | "priority" | "family";

export const PAGE_SIZES = [25, 50, 100, 250] as const;

const DEFAULT_SIZE = 50;

export const BLOCKERS: readonly Blocker[] = ["FAILED", "DISABLED"];

/** The list that the parameters of the URL ask for. */
export interface TaskQuery {
  readonly statuses: readonly string[];
  readonly families: readonly string[];
  /** Only tasks that cannot be run because of others in this state. */
  readonly blocked: Blocker | undefined;
  readonly search: string;
  readonly sort: SortKey;
  readonly isDescending: boolean;
  readonly size: number;
  /** One for each page before this one; the last leads to this page. */
  readonly cursors: readonly string[];
}

export function parseTaskQuery(params: URLSearchParams): TaskQuery {
  const size = Number(params.get("size"));
  const sort = (params.get("sort") ?? "updated") as SortKey;
  return {
    statuses: params.getAll("status"),
    families: params.getAll("family"),
    blocked: BLOCKERS.find((blocker) => blocker === params.get("blocked")),
    search: params.get("search") ?? "",
    sort,
    // The newest change first; names and the order of arrival from the beginning.
    isDescending: (params.get("order") ?? defaultOrder(sort)) === "desc",
    size: (PAGE_SIZES as readonly number[]).includes(size) ? size : DEFAULT_SIZE,
    cursors: params.getAll("cursor"),
  };
}

export function defaultOrder(sort: SortKey): "asc" | "desc" {
  return sort === "updated" || sort === "priority" ? "desc" : "asc";
}

/** As leatd wants it. */
export function toApiQuery(query: TaskQuery): QueryValues {
  return {
    status: query.statuses,
    family: query.families,
    blocked: query.blocked,
    search: query.search === "" ? undefined : query.search,
    sort: query.sort,
    order: query.isDescending ? "desc" : "asc",
    limit: query.size,
    cursor: query.cursors.at(-1),
  };
}

/** `values` with the value, or without it when it was there. */
export function toggled(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
