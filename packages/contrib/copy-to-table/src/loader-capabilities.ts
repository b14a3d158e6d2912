/**
 * In what databases differ as to loads. Loaders declare it as `capabilities`: users read it to choose a database, and the suite to
 * choose what it asks of an adapter.
 */
export interface LoaderCapabilities {
  /** Rows and marker are there together or not at all, whatever ends the load. */
  readonly atomicMarker: boolean;
  /** Readers see what `replace` and `replaceWhere` take away until what takes its place is there as a whole. */
  readonly atomicReplace: boolean;
  /** Loads that replace different parts of a table go on at the same time; else one waits for the other. */
  readonly parallelParts: boolean;
  /** `upsertBy` does with any unique key of the table, also where it has others; else a table with others is refused. */
  readonly upsertBesideOtherKeys: boolean;
  /** Hooks can make and change tables, which is undone with the load; else such statements are refused. */
  readonly transactionalDdl: boolean;
  /** Columns of floating-point numbers hold NaN, the infinities and minus zero; else the first are refused, and the last is 0. */
  readonly nonFiniteNumbers: boolean;
  /** The error for a row that the server itself refuses names row and column. */
  readonly rowOfServerErrors: boolean;
  /** A statement that runs on the server when its load is aborted ends there within seconds. */
  readonly stopsStatements: boolean;
}
