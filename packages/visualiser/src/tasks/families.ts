import type { FamilyCounts } from "../api/types.ts";

/** Families whose names begin with the same word before a dot. */
export interface FamilyFolder {
  /** Empty for families without a dot. */
  readonly folder: string;
  readonly families: readonly FamilyCounts[];
}

/** Folders by name; families without a dot come last. */
export function toFolders(families: readonly FamilyCounts[]): FamilyFolder[] {
  const folders = groupBy(families, folderOf);
  return [...folders]
    .map(([folder, members]) => ({ folder, families: members }))
    .sort((a, b) => (a.folder === "" ? 1 : b.folder === "" ? -1 : a.folder < b.folder ? -1 : 1));
}

function folderOf({ family }: FamilyCounts): string {
  const dot = family.indexOf(".");
  return dot < 0 ? "" : family.slice(0, dot);
}

function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

export function totalOf({ byStatus }: FamilyCounts): number {
  return Object.values(byStatus).reduce((sum, count) => sum + count, 0);
}
