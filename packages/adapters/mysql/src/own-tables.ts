import { FenceTable } from "./fence-table.ts";
import { MarkerTable } from "./markers.ts";

/** The tables that say what is done, and which attempt may say so. */
export interface OwnTables {
  readonly markers: MarkerTable;
  readonly fences: FenceTable;
}

export function ownTables(markerTable: string): OwnTables {
  return { markers: new MarkerTable(markerTable), fences: new FenceTable(markerTable) };
}
