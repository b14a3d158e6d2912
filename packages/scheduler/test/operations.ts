import { Session, type Profiler } from "node:inspector";
import { setFlagsFromString } from "node:v8";

// V8 counts in no code that it has optimized or forgotten, and not before it has seen a function for some time.
for (const flag of ["--no-opt", "--no-flush-bytecode", "--no-lazy-feedback-allocation"])
  setFlagsFromString(flag);

/**
 * How many pieces of the scheduler's code (functions, branches, turns of loops) the work runs through. Unlike the time
 * that it takes, this is the same on every machine.
 */
export function countOperations(work: () => void): number {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  try {
    work();
    return takeCount(session);
  } finally {
    session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
  }
}

function takeCount(session: Session): number {
  let scripts: Profiler.ScriptCoverage[] = [];
  // The answer comes before `post` returns.
  session.post("Profiler.takePreciseCoverage", (error, { result }) => {
    if (error !== null) throw error;
    scripts = result;
  });
  const own = scripts.filter(({ url }) => url.includes("/packages/scheduler/src/"));
  const ranges = own.flatMap(({ functions }) => functions.flatMap((each) => each.ranges));
  return ranges.reduce((sum, { count }) => sum + count, 0);
}
