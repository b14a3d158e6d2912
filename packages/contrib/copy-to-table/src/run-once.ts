import { type RunContext, TargetError } from "@leat/core";
import { abortable } from "./abortable.ts";
import type { CommitOutcome, Dialect, LoadSession, Marker } from "./dialect.ts";

/** Work on a database that is done once for each marker. */
export interface MarkedWork {
  readonly marker: Marker;
  /** What has to be there before the transaction begins. */
  prepare(session: LoadSession): Promise<void>;
  /** What is done in the transaction. */
  work(session: LoadSession): Promise<void>;
}

/** How long to ask for the outcome of a COMMIT whose reply was lost. */
const OUTCOME_TIMEOUT_MS = 30_000;

/**
 * Does work and writes its marker in one transaction: afterwards both are there or neither. When the marker is there already,
 * does nothing.
 */
export async function runOnce(dialect: Dialect, job: MarkedWork, context: RunContext): Promise<void> {
  await abortable(context.signal, async () => {
    const outcome = await attempt(dialect, job, context);
    if (outcome === "unknown") await settleOutcome(dialect, job.marker, context.signal);
  });
}

async function attempt(dialect: Dialect, job: MarkedWork, context: RunContext): Promise<CommitOutcome> {
  const session = await dialect.connect({ signal: context.signal });
  try {
    await session.ensureMarkerTable();
    await job.prepare(session);
    await session.begin();
    // The marker comes first: who loses the race for it has done nothing yet.
    if (await session.claimMarker(job.marker)) {
      await job.work(session);
      return await session.commit();
    }
    await session.rollback();
    const { table, updateId } = job.marker;
    context.log.info(`Nothing to do for ${table}: the marker ${updateId} is there already.`);
    return "committed";
  } catch (error) {
    await session.rollback();
    throw error;
  } finally {
    session.close();
  }
}

/**
 * Finds out what became of a COMMIT whose reply was lost. Reading the marker is not enough, as the server may still be at
 * work; claiming it waits for that.
 */
async function settleOutcome(dialect: Dialect, marker: Marker, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(OUTCOME_TIMEOUT_MS)]);
  const session = await dialect.connect({ signal: deadline });
  try {
    await session.begin();
    const isFree = await session.claimMarker(marker);
    await session.rollback();
    if (isFree) throw lostCommit(marker);
  } finally {
    session.close();
  }
}

function lostCommit({ table, updateId }: Marker): TargetError {
  return new TargetError(
    "TARGET_UNAVAILABLE",
    `The connection was lost while the load of ${table} was committed, and the server rolled it back. Run the task again.`,
    { retryable: true, details: { table, updateId } },
  );
}
