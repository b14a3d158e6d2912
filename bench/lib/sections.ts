/** A part of the results: what one script prints. */
export interface Section {
  readonly title: string;
  /** Path from the root of the repository. */
  readonly script: string;
  /** Whether it is a script of this folder, which takes the flags of `options.ts` and prints Markdown. */
  readonly isOurs?: boolean;
  readonly nodeArgs?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What a reader has to know of its numbers. */
  readonly remark?: string;
}

const LOADS = {
  env: { LEAT_BENCH_ROWS: "1000000", LEAT_BENCH_ROUNDS: "3" },
  remark: "1,000,000 rows of 6 columns; LEAT_BENCH_ROWS and LEAT_BENCH_ROUNDS change it.",
};

/** MiB and rounds of transfers: enough for code to be compiled, and little enough to be measured often. */
const TRANSFERS = { s3: ["1024", "3"], sftp: ["256", "7"], ftp: ["512", "3"] } as const;

/** All sections, in the order of the report. */
export const SECTIONS: readonly Section[] = [
  { title: "Start-up", script: "bench/start-up.ts", isOurs: true },
  {
    title: "Tasks in memory",
    script: "bench/graphs.ts",
    isOurs: true,
    remark: "Time of the processor, in one process.",
  },
  {
    title: "Planning beside an empty walk",
    script: "bench/planning.ts",
    nodeArgs: ["--expose-gc"],
  },
  {
    title: "Tasks with files",
    script: "bench/tasks-with-files.ts",
    isOurs: true,
    remark:
      "Luigi is measured up to 1,000 tasks: its time grows with the square of n for wide graphs, and 100,000 tasks would take hours.",
  },
  { title: "Workers", script: "bench/workers.ts", isOurs: true },
  { title: "Everything complete", script: "bench/complete-graph.ts", isOurs: true },
  { title: "External programs", script: "bench/programs.ts", isOurs: true },
  { title: "getWork", script: "packages/scheduler/bench/state-machine.ts" },
  {
    title: "The shared scheduler",
    script: "bench/shared-scheduler.ts",
    isOurs: true,
    remark: "leatd with 1, 4 and 16 workers, beside luigid.",
  },
  { title: "Loads into PostgreSQL", script: "packages/adapters/postgres/bench/load.ts", ...LOADS },
  { title: "Loads into MariaDB", script: "packages/adapters/mysql/bench/load.ts", ...LOADS },
  {
    title: "S3 beside curl",
    script: "packages/adapters/s3/bench/transfer.ts",
    args: [...TRANSFERS.s3, "ceph", "ceph-tls"],
  },
  { title: "SFTP beside sftp", script: "packages/adapters/sftp/bench/transfer.ts", args: TRANSFERS.sftp },
  { title: "FTP beside curl", script: "packages/adapters/ftp/bench/transfer.ts", args: TRANSFERS.ftp },
  {
    title: "Memory of transfers",
    script: "bench/transfer-memory.ts",
    args: ["1024"],
    remark: "1 GiB.",
  },
  {
    title: "The web page with 100,000 tasks",
    script: "bench/visualiser.ts",
    isOurs: true,
    remark: "In Chromium.",
  },
  {
    title: "Package sizes",
    script: "bench/package-sizes.ts",
    isOurs: true,
    remark: "As npm packs and installs them in an empty project.",
  },
];
